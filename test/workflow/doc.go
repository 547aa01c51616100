// Package workflow deploys the workflows of FHIR and image stores to the local AWS and
// drives them: slow stores, good and bad deliveries, events that come twice, a
// throttled service. It shows that definitions run, fit together and call the
// services in the shape that they take. It does not show how AWS behaves.
package workflow
