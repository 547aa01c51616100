// Package module holds the tests of this module as others meet it: the pages'
// programs and files, and an app of its own that imports a construct.
package module
