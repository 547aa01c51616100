package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
)

// addOptimizerRole makes the role that keeps the domain's Iceberg tables tidy,
// and notes it as a principal of the stack's grants.
func (s *DomainStack) addOptimizerRole() {
	if s.plan.OptimizerRole == "" {
		return
	}
	s.optimizer = catalog.NewOptimizerRole(s, jsii.String("OptimizerRole"), &catalog.OptimizerRoleProps{
		RoleName: jsii.String(s.plan.OptimizerRole),
		Key:      s.storage.Key(),
	})
	s.principals[s.plan.OptimizerARN] = []awscdk.CfnResource{l1(s.optimizer.Role())}
}

// addOptimizers compacts every Iceberg table of the domain, expires its snapshots
// and deletes its orphan files. Glue tries the role when an optimizer is made, so
// they wait for the role's grants.
func (s *DomainStack) addOptimizers() {
	if s.optimizer == nil {
		return // Glue has none in the region
	}
	for _, table := range s.iceberg {
		made := catalog.NewTableOptimizer(s, jsii.String("Optimizer-"+*table.DatabaseName()+"-"+*table.TableName()), &catalog.TableOptimizerProps{
			Table: table,
			Role:  s.optimizer,
		})
		for _, optimizer := range made.Cfn() {
			for _, grant := range s.granted[s.plan.OptimizerARN] {
				grant.ApplyBefore(optimizer)
			}
		}
	}
}
