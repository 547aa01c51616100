// Package personindex finds which records of several sources are one person, by rules that a
// contract says, and gives each person a random token that derives from nothing. It writes SQL for
// Athena (engine version 3, Trino's dialect), which a privacy officer can read: a comment above
// each step says what it does, and each rule is a relation of its own with the rule's name.
//
// The statements run one after another, and twice without harm:
//
//   - person_records: what the rules compare, in its normal form;
//   - person_links: pairs of records that a rule links and nothing forbids;
//   - person_groups: records that links join, one after another;
//   - person_assignments: the token of each group: the oldest that its records have, else a new one;
//   - tokens: what stands for each token that there ever was;
//   - persons: the token of each record.
//
// Others read the last two only, and each of these changes in one commit.
//
// A group that is joined of several persons keeps the oldest of their tokens; the others lead to
// it. Of a person that falls apart, the group with the record that has had the token longest keeps
// it; the others get new ones. A token whose records are gone stands for nobody, and stays known
// as retired, so that what was made with it can be found and deleted.
//
// It is pure Go: nothing here needs Node.js or the CDK.
package personindex
