// Package format has what the formats of all commands share: they are chosen by name.
package format
