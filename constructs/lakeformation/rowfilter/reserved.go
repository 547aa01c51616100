package rowfilter

import (
	"slices"
	"strings"
)

// reserved are the words of SQL and PartiQL that Lake Formation may not read as
// columns unless they stand in double quotes. Year, month and day stand in its
// own examples without quotes; to quote a word that need not be is harmless.
// Source: "PartiQL support in row filter expressions", reserved keywords.
const reserved = `
	absolute action add all allocate alter and any are as asc assertion at
	authorization avg bag begin between bit bit_length blob bool boolean both by
	can_cast can_lossless_cast cascade cascaded case cast catalog char char_length
	character character_length check clob close coalesce collate collation column
	commit connect connection constraint constraints continue convert
	corresponding count create cross current current_date current_time
	current_timestamp current_user cursor date deallocate dec decimal declare
	default deferrable deferred delete desc describe descriptor diagnostics
	disconnect distinct domain double drop else end escape except
	exception exec execute exists external extract false fetch first float for
	foreign found from full get global go goto grant group having identity
	immediate in index indicator initially inner input insensitive insert int
	integer intersect interval into is isolation join key language last leading
	left level like limit list local lower match max min missing module names
	national natural nchar next no not null nullif numeric octet_length of on only
	open option or order outer output overlaps pad partial pivot position precision
	prepare preserve primary prior privileges procedure public read real
	references relative remove restrict revoke right rollback rows schema scroll
	section select session session_user set sexp size smallint some space sql
	sqlcode sqlerror sqlstate string struct substring sum symbol system_user table
	temporary then time timestamp to trailing transaction translate translation
	trim true tuple union unique unknown unpivot update upper usage user
	using value values varchar varying view when whenever where with work write
	zone`

func isReserved(word string) bool { return slices.Contains(strings.Fields(reserved), word) }
