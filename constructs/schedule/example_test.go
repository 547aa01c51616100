package schedule_test

import (
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/schedule"
)

func ExampleParse() {
	fmt.Println(schedule.Parse("weekly"))
	fmt.Println(schedule.Parse("cron(0 25 * * ? *)"))
	fmt.Println(schedule.Parse("fortnightly"))
	// Output:
	// cron(0 3 ? * SUN *) <nil>
	// cron(0 25 * * ? *) hours "25": "25" is no number from 0 to 23
	//  "fortnightly" is none of [hourly daily weekly monthly] and no cron expression
}
