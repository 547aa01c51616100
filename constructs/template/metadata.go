package template

// The keys of metadata that one part of this library writes into templates and another
// reads there. A change of metadata alone updates no resource.
const (
	// AcknowledgementsMetadata, of a resource or of a whole template, lists findings of
	// the policy rules that are accepted: {"id": "LakeMesh.LF01", "reason": "…"}. In a
	// template each has a scope too: the path of a construct within the stack, "" for
	// the stack itself; it holds for everything below.
	AcknowledgementsMetadata = "lakemesh:policy"

	// ColumnsMetadata, of an Iceberg table that engines have altered, lists the columns
	// that it really has as {"name": …, "type": …}: the properties stay as they were
	// first deployed.
	ColumnsMetadata = "lakemesh:columns"

	// FhirReadersMetadata, of the state machine that opens the tables of a FHIR store,
	// says whom it grants them: {"store": …, "database": …, "principals": […]}.
	FhirReadersMetadata = "lakemesh:fhirReaders"

	// SubscriptionsMetadata, of the state machine that ends access, lists subscriptions
	// as {"name": …, "purpose": …, "approver": …}. When each ends and what
	// is granted for it stand in the definition, in the states Subscriptions and Grants.
	SubscriptionsMetadata = "lakemesh:subscriptions"
)

// DomainTag is the tag of a stack that names the domain whose data it holds.
const DomainTag = "lakemesh:domain"
