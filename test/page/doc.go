// Package page opens the pages that lakemesh report writes in a browser without a window,
// and checks what only a browser knows: that they ask nobody for anything, can be used
// by keyboard and read by those who do not see, print in full, and stay quick with 200
// domains.
//
// The browser, what drives it and axe come from npm (package.json). run.mjs opens a page for
// each check in the folder checks; a check is a file there that run.mjs lists.
package page
