// Package partition holds every construct and the sample mesh to the AWS partition
// that they stand in: China, GovCloud, or one that only the deployment knows.
package partition
