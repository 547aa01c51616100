// Package touched finds the line of a repository that most likely leads to a finding about a
// change: of the lines that differ between two revisions of git, the one that names the
// column, table, product, principal or resource of the finding, itself or by the lines that
// it is indented below and stands beside, as contracts and most code are written. So a
// pull request shows the finding where somebody would mend it.
package touched
