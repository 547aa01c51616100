package personindex_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/lakemesh/lakemesh/test/athena"
)

// record is a row of a source. Truth is who it is; no statement sees it.
type record struct {
	truth                                                  int
	id, given, family, suffix, birth, sex, zip, phone, ssn string
	member                                                 string
	optedOut                                               bool
}

// people are invented records of n persons in three sources, always the same ones for a seed.
// Some persons are twins, some are father and son of one name, who live together; records have
// typing errors, old family names and addresses, missing values and placeholders.
func people(n int, seed uint64) map[string][]record {
	g := &generator{r: rand.New(rand.NewPCG(seed, 1)), out: map[string][]record{}}
	for i := 0; i < n; {
		p := g.person(i)
		switch lot := g.r.Float64(); {
		case lot < 0.02 && i+1 < n: // twins
			twin := g.person(i + 1)
			twin.family, twin.birth, twin.zip, twin.phone = p.family, p.birth, p.zip, p.phone
			g.records(p, twin)
			i += 2
		case lot < 0.04 && i+1 < n: // Jr and Sr
			father := p
			father.truth, father.ssn, father.member = i+1, g.digits(9), "M"+g.digits(8)
			father.birth = fmt.Sprintf("%04d-%02d-%02d", 1930+g.r.IntN(30), 1+g.r.IntN(12), 1+g.r.IntN(28))
			p.birth = fmt.Sprintf("%04d-%02d-%02d", 1965+g.r.IntN(30), 1+g.r.IntN(12), 1+g.r.IntN(28))
			p.suffix, father.suffix = "Jr.", "Sr."
			g.records(p, father)
			i += 2
		case lot < 0.24 && i+1 < n: // a household with one telephone
			other := g.person(i + 1)
			other.family, other.zip, other.phone = p.family, p.zip, p.phone
			g.records(p, other)
			i += 2
		default:
			g.records(p)
			i++
		}
	}
	return g.out
}

type generator struct {
	r   *rand.Rand
	out map[string][]record
}

func (g *generator) pick(words string) string {
	all := strings.Fields(words)
	// Some names are far more frequent than others.
	return all[int(g.r.Float64()*g.r.Float64()*float64(len(all)))]
}

const (
	givens   = "Maria James Anna John Linda Robert Sofía David Emma Luis Olivia Noah José Ana Adam Ada Eric Erica Daniel Daniela Carl Carla Nora Nina Tim Tom Amir Amira Chen Wei Priya Ravi Fatima Omar Zoë Chloé Björn Ingrid Pavel Olga Kofi Ama Hugo Lena Mateo Irene Felix Clara Viktor Ines"
	families = "Smith García Johnson Nguyen Williams Brown Jones Miller Davis Rodríguez Martínez Hernández Lopez O'Brien Müller Kim Patel Lee Walker Hall Allen Young King Wright Scott Green Baker Adams Nelson Carter Mitchell Pérez Roberts Turner Phillips Campbell Parker Evans Edwards Collins Stewart Sánchez Morris Rogers Reed Cook Morgan Bell Murphy Bailey Rivera Cooper Richardson Cox Howard Ward Torres Peterson Gray Ramírez"
)

func (g *generator) digits(n int) string {
	var b strings.Builder
	for range n {
		fmt.Fprint(&b, g.r.IntN(10))
	}
	return b.String()
}

func (g *generator) person(truth int) record {
	return record{
		truth: truth, given: g.pick(givens), family: g.pick(families), sex: g.pick("F M"),
		birth: fmt.Sprintf("%04d-%02d-%02d", 1930+g.r.IntN(90), 1+g.r.IntN(12), 1+g.r.IntN(28)),
		zip:   fmt.Sprintf("021%02d", g.r.IntN(40)), phone: "617" + g.digits(7), ssn: g.digits(9), member: "M" + g.digits(8),
	}
}

// records writes the records of persons who live together into the sources.
func (g *generator) records(persons ...record) {
	for _, p := range persons {
		for _, source := range []struct {
			name   string
			share  float64
			noSSN  float64
			member bool
		}{{"clinical", 0.8, 0.4, false}, {"claims", 0.75, 0.15, true}, {"pharmacy", 0.55, 1, true}} {
			copies := 1
			if g.r.Float64() < 0.03 {
				copies = 2 // entered twice
			}
			if g.r.Float64() > source.share {
				continue
			}
			for range copies {
				r := g.spoil(p, source.noSSN, source.member)
				r.id = fmt.Sprintf("%s-%05d", strings.ToUpper(source.name[:2]), len(g.out[source.name]))
				if source.name == "claims" {
					if copies == 2 {
						r.member = "M" + g.digits(8) // a second contract
					}
					r.id = r.member
				}
				g.out[source.name] = append(g.out[source.name], r)
			}
		}
	}
}

// spoil is a person as somebody entered it.
func (g *generator) spoil(p record, noSSN float64, hasMember bool) record {
	at := func(chance float64) bool { return g.r.Float64() < chance }
	if at(0.06) {
		p.family = g.pick(families) // before a wedding
	}
	if at(0.12) {
		p.zip, p.phone = fmt.Sprintf("021%02d", g.r.IntN(40)), "617"+g.digits(7) // before a move
	}
	if at(0.04) {
		p.family = g.typo(p.family)
	}
	if at(0.03) {
		p.given = g.typo(p.given)
	}
	if at(0.02) {
		p.birth = g.wrongDigit(p.birth)
	}
	if at(0.02) {
		p.ssn = g.wrongDigit(p.ssn)
	}
	g.lose(&p.suffix, 0.7)
	g.lose(&p.birth, 0.01)
	g.lose(&p.zip, 0.05)
	g.lose(&p.phone, 0.15)
	g.lose(&p.ssn, noSSN)
	switch {
	case !hasMember:
		p.member = ""
	case noSSN == 1: // the pharmacy asks for the card, and gets it three times of four
		g.lose(&p.member, 0.25)
	}
	if p.ssn == "" && at(0.1) {
		p.ssn = "999-99-9999"
	}
	if len(p.ssn) == 9 && at(0.3) {
		p.ssn = p.ssn[:3] + "-" + p.ssn[3:5] + "-" + p.ssn[5:]
	}
	if p.phone != "" && at(0.3) {
		p.phone = "+1 (" + p.phone[:3] + ") " + p.phone[3:6] + "-" + p.phone[6:]
	}
	if at(0.2) {
		p.family = strings.ToUpper(p.family)
	}
	return p
}

func (g *generator) lose(value *string, chance float64) {
	if g.r.Float64() < chance {
		*value = ""
	}
}

// typo leaves out a letter, doubles one, changes one, or swaps two.
func (g *generator) typo(name string) string {
	letters := []rune(name)
	i := 1 + g.r.IntN(len(letters)-1)
	switch g.r.IntN(4) {
	case 0:
		return string(letters[:i]) + string(letters[i+1:])
	case 1:
		return string(letters[:i]) + string(letters[i]) + string(letters[i:])
	case 2:
		letters[i] = 'a' + rune(g.r.IntN(26))
	default:
		letters[i-1], letters[i] = letters[i], letters[i-1]
	}
	return string(letters)
}

func (g *generator) wrongDigit(value string) string {
	i := len(value) - 1 - g.r.IntN(2)
	return value[:i] + fmt.Sprint(g.r.IntN(10)) + value[i+1:]
}

// tables make the sources and fill them.
func tables(all map[string][]record) []athena.Step {
	steps := []athena.Step{
		{DuckDB: "CREATE SCHEMA clinical"}, {DuckDB: "CREATE SCHEMA claims"}, {DuckDB: "CREATE SCHEMA pharmacy"},
		{DuckDB: "CREATE TABLE clinical.patients (mrn VARCHAR, given_name VARCHAR, family_name VARCHAR, name_suffix VARCHAR, birth_date VARCHAR, sex VARCHAR, zip VARCHAR, phone VARCHAR, ssn VARCHAR, opted_out BOOLEAN)"},
		{DuckDB: "CREATE TABLE claims.members (member_number VARCHAR, first_name VARCHAR, last_name VARCHAR, date_of_birth VARCHAR, gender VARCHAR, postal_code VARCHAR, telephone VARCHAR, ssn VARCHAR)"},
		{DuckDB: "CREATE TABLE pharmacy.customers (customer VARCHAR, first_name VARCHAR, last_name VARCHAR, birth_date VARCHAR, zip VARCHAR, mobile VARCHAR, insurance_number VARCHAR)"},
	}
	for _, source := range []string{"clinical", "claims", "pharmacy"} {
		steps = append(steps, insert(source, all[source]...)...)
	}
	return steps
}

// insert writes records into a source.
func insert(source string, records ...record) []athena.Step {
	if len(records) == 0 {
		return nil
	}
	table := map[string]string{"clinical": "clinical.patients", "claims": "claims.members", "pharmacy": "pharmacy.customers"}[source]
	var rows []string
	for _, r := range records {
		var values []string
		list := []string{r.id, r.given, r.family, r.suffix, r.birth, r.sex, r.zip, r.phone, r.ssn}
		switch source {
		case "claims":
			list = []string{r.id, r.given, r.family, r.birth, r.sex, r.zip, r.phone, r.ssn}
		case "pharmacy":
			list = []string{r.id, r.given, r.family, r.birth, r.zip, r.phone, r.member}
		}
		for _, value := range list {
			values = append(values, "nullif('"+strings.ReplaceAll(value, "'", "''")+"', '')")
		}
		if source == "clinical" {
			values = append(values, fmt.Sprint(r.optedOut))
		}
		rows = append(rows, "("+strings.Join(values, ", ")+")")
	}
	return []athena.Step{{DuckDB: "INSERT INTO " + table + " VALUES " + strings.Join(rows, ",\n")}}
}
