// Package render writes what a change means (package review): as sentences for a terminal,
// as Markdown for a pull request, as JSON, as SARIF for code scanning, and as annotations
// of GitHub Actions.
package render
