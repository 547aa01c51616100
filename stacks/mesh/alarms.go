package mesh

import (
	"github.com/lakemesh/lakemesh/stacks/mesh/internal/naming"
)

// Who hears of the alarms of a domain, in Stage.Alarms.
const (
	AlarmOwners = "owners" // the owner of each domain
	AlarmNobody = "nobody" // whoever subscribes to the topics by hand
)

// AlarmsPlan is where the alarms and failures of a domain arrive.
type AlarmsPlan struct {
	Topic    string // name of the SNS topic
	TopicARN string // ARN of Topic
	Email    string // who hears by mail; "" for nobody
}

// alarmEmail is who hears of the alarms of a domain in a stage, "" for nobody.
func (s Stage) alarmEmail(owner string) string {
	switch {
	case s.Alarms == AlarmOwners || s.Alarms == "" && !s.NonProduction:
		return owner
	case s.Alarms == AlarmNobody || s.Alarms == "":
		return ""
	}
	return s.Alarms
}

// planAlarms plans where the alarms of a domain arrive.
func (s Stage) planAlarms(domain, owner string, n naming.Names) AlarmsPlan {
	topic := n.AlarmTopic(domain)
	return AlarmsPlan{Topic: topic, TopicARN: n.TopicARN(topic), Email: s.alarmEmail(owner)}
}

// checkStageAlarms checks who hears of the alarms of a stage.
func (c *checker) checkStageAlarms(stage string) {
	switch to := c.stages[stage].Alarms; {
	case to == "" || to == AlarmOwners || to == AlarmNobody || isEmail(to):
	default:
		c.addf(at("stages", stage, "alarms"), quote(to), oneOf([]string{AlarmNobody, AlarmOwners})+", or an e-mail address", "write alarms: owners, or the address of who hears of alarms in this stage")
	}
}
