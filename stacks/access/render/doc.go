// Package render prints who can see what: as a table for a terminal, as Markdown for a
// pull request or a wiki, as CSV for spreadsheets, as JSON for programs.
package render
