// Package report writes who can see what as one page for a browser: a single file that
// needs no network, for an auditor to keep.
//
// Write takes what package access has worked out and returns HTML with its styles, scripts
// and data inside. The page asks nobody for anything: its content security policy names
// the hashes of its own scripts and styles and allows nothing else, and no text of the
// data is ever read as markup. The same input gives the same bytes.
//
// # Sections
//
// The page has sections, in the order of the list in section.go. Each brings its data, and
// its script and styles in the folder assets, named as the section is. A script stands in
// a block of its own, so its names are its own, and tells the frame (assets/frame.js) how
// its section is shown:
//
//	page.section("ending", (root, ui) => { … })
//
// It makes elements with ui.h, which takes texts as texts only, and tables with ui.table,
// which brings search, order, pages and print. A section without data is left out.
package report
