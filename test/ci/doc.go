// Package ci runs the scripts of the folder bin/ci, which continuous integration of users calls, on
// the sample mesh and a git history, and holds its actions, workflow and template against what
// GitHub, GitLab and ShellCheck say.
package ci
