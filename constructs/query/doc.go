// Package query makes Athena workgroups that cannot leak: settings that callers
// cannot override, encrypted results in a bucket of their own, a limit on what a
// query may scan, saved queries, and jobs that run statements by a schedule.
package query
