package report

// section is one part of the page.
type section struct {
	id    string // in links and of its assets
	title string // heading and name in the navigation
	lead  string // one or two sentences on what it says
	// data is what the script of the section gets as JSON; nil leaves the section out.
	// Without a function the section says what the model tells, and is always there.
	data func(*input) any
	// libraries are files of the folder assets that stand in scripts of their own, before
	// all others.
	libraries []string
	// helpers are scripts of the folder assets that stand before that of the section.
	helpers []string
}

// sections are the parts of the page, in its order.
var sections = []section{
	{
		id: "overview", title: "Overview",
		lead: "What is not known comes first, then what the templates say in figures.",
	},
	{
		id: "map", title: "Map",
		lead: "What there is and how it hangs together: who reads what, and which job makes what out of what.",
		data: mapOf, libraries: mapLibraries, helpers: []string{"map-layout.js"},
	},
	{
		id: "catalogue", title: "Catalogue",
		lead: "What each product is: its contract and columns, what is promised and checked, who reads it, where it comes from, and queries to begin with.",
		data: catalogueOf,
	},
	{
		id: "access", title: "Access",
		lead: "Who can see which product. Choose a cell, with a click or Enter, for columns, rows and the reason; its address in the browser is a link to it.",
	},
	{
		id: "phi", title: "Who sees phi",
		lead: "Everybody who can see protected health information, and by which way: granted, past Lake Formation, or as an administrator. A column without a level counts as phi.",
	},
	{
		id: "ending", title: "Ending access",
		lead: "Subscriptions by their last day, with what they are for and who approved them.",
	},
	{
		id: "around", title: "Ways around",
		lead: "Who reaches files of registered locations without a grant of Lake Formation, by policies of IAM, buckets and keys in the templates.",
	},
	{
		id: "grantors", title: "Who can grant",
		lead: "Who can give access, to others or to itself, and what lets it.",
	},
	{
		id: "changes", title: "Changes",
		lead: "What differs from a base: who gains and loses what and why, what becomes weaker, what breaks.",
		data: changesOf,
	},
}
