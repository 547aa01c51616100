package report

// section is one part of the page.
type section struct {
	id    string // in links and of its assets
	title string // heading and name in the navigation
	lead  string // one or two sentences on what it says
	// data is what the script of the section gets as JSON; nil leaves the section out.
	// Without a function there is none to give, and the section is always there.
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
		lead: "What the templates say in figures, and what nobody could read in them.",
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
		id: "changes", title: "Changes",
		lead: "What differs from a base: who gains and loses what and why, what becomes weaker, what breaks.",
		data: changesOf,
	},
}
