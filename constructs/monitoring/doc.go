// Package monitoring tells the people who answer for data what happens to it.
//
// AlarmTopic is where alarms and failures arrive: encrypted, over TLS only, with those
// who hear by mail. Every construct of the library that watches something takes one as
// its AlarmTopic, and makes one of its own where none is given. Freshness tells of
// products whose newest data is older than promised, without reading any. DashboardBody
// writes a CloudWatch dashboard.
package monitoring
