// Package query makes Athena workgroups that cannot leak: settings that callers
// cannot override, encrypted results that only principals of the workgroup reach, a
// limit on what a query may scan, saved queries, and jobs that run statements by a schedule.
package query
