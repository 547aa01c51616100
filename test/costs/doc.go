// Package costs computes what a genome costs to store, load and query, from the prices
// and quantities of prices.json, and holds the page of costs against it: no figure of the
// page is typed. After a change of that file, run the test with -update.
package costs
