package deidentify_test

import (
	"fmt"
	"strings"
	"time"
)

// patient is a row of the source with a value of every identifier.
type patient struct {
	n     int
	birth string // ISO date, or part of one; "" is null
	first string
	last  string
	age   int
	zip   string
}

// zips are ZIP codes and what may be left of them.
var zips = []struct{ code, left string }{
	{"02139", "021"}, {"02139-4307", "021"}, {"021394307", "021"}, {" 10001 ", "100"},
	{"03601", "000"}, {"06390", "000"}, {"20301-0001", "000"}, {"36901", "000"}, {"89310", "000"}, {"09012", "000"},
	{"2139", ""}, {"K1A 0B1", ""}, {"021", ""}, {"02139x", ""}, {"", ""},
}

// years is a date some years and days before today.
func years(n, days int) time.Time { return time.Now().UTC().AddDate(-n, 0, -days) }

// patients are of every age around the limits, with every kind of ZIP code.
func patients() []patient {
	var out []patient
	for _, age := range []int{0, 1, 9, 10, 33, 59, 60, 64, 79, 80, 88, 89, 90, 91, 99, 104} {
		for _, days := range []int{0, 1, 200} {
			n := len(out)
			first := years(3+n%20, 11*n)
			out = append(out, patient{
				n: n, birth: years(age, days).Format(time.DateOnly), first: first.Format(time.DateOnly),
				last: first.AddDate(0, 0, 7*n).Add(8*time.Hour + 15*time.Minute).Format("2006-01-02 15:04:05"),
				age:  age, zip: zips[n%len(zips)].code,
			})
		}
	}
	n := len(out)
	return append(out,
		patient{n: n, birth: "1957", first: "2019-03-04", last: "2019-03-04 10:00:00", age: -1, zip: "01002"},
		patient{n: n + 1, birth: "1957-02", first: "2019-03-04", last: "2019-03-05 10:00:00", age: 40, zip: "01003"},
		patient{n: n + 2, birth: "", first: "1901-01-01", last: "2019-03-05 10:00:00", age: 41, zip: "01004"},
		patient{n: n + 3, birth: "unknown, Jane Roe", first: "2019-03-04", last: "2019-03-05 10:00:00", age: 42, zip: "01005"},
	)
}

func (p patient) mrn() string { return fmt.Sprintf("MRN-%06d", 880000+p.n) }

// secrets are the values of a row that must be nowhere in the target, as they
// are or in part.
func (p patient) secrets() []string {
	out := []string{
		fmt.Sprintf("Quintilian%d", p.n), fmt.Sprintf("Underhill%d", p.n),
		fmt.Sprintf("%d Elm Street", 4000+p.n), "Springfield",
		fmt.Sprintf("+1-617-555-%04d", p.n), fmt.Sprintf("+1-617-556-%04d", p.n), fmt.Sprintf("q%d@mail.example", p.n),
		fmt.Sprintf("900-55-%04d", p.n), p.mrn(), fmt.Sprint(7700000000 + p.n), fmt.Sprintf("ACC%07d", p.n),
		fmt.Sprintf("DL-%05d", p.n), fmt.Sprintf("PLT %04d", p.n), fmt.Sprintf("PM/%06d", p.n), fmt.Sprintf("https://q%d.example/", p.n),
		fmt.Sprintf("203.0.113.%d", p.n), fmt.Sprintf("finger~%d", p.n), fmt.Sprintf("photo~%d", p.n), fmt.Sprintf("fhir~%d", p.n),
		fmt.Sprintf("beekeeper no %d", p.n),
	}
	for _, part := range []string{p.birth, p.first, p.last} {
		if len(part) >= len(time.DateOnly) {
			out = append(out, part[:10])
		}
	}
	if zip := strings.TrimSpace(p.zip); len(zip) > 3 {
		out = append(out, zip)
	}
	return out
}

// values is the row for INSERT, in the order of the contract's columns.
func (p patient) values() string {
	s := p.secrets()
	q := func(v string) string {
		if v == "" {
			return "NULL"
		}
		return "'" + strings.ReplaceAll(v, "'", "''") + "'"
	}
	state := []string{"MA", "NH", "NY", "WY"}[p.n%4]
	job := []string{"nurse", "farmer's hand", s[19], ""}[p.n%4]
	address := fmt.Sprintf("[{'line': %s, 'city': %s, 'state': %s, 'postalcode': %s}]", q(s[2]), q(s[3]), q(state), q(p.zip))
	if p.n%7 == 6 {
		address = "[]"
	}
	return "(" + strings.Join([]string{
		q(s[0] + " " + s[1]), q(p.zip), address, q(p.birth), q(p.first), q(p.last), fmt.Sprint(p.age),
		q(s[4]), q(s[5]), q(s[6]), q(s[7]), q(s[8]), s[9], q(s[10]), q(s[11]), q(s[12]), q(s[13]), q(s[14]), q(s[15]), q(s[16]), q(s[17]), q(s[18]),
		q("Seen with daughter " + s[0] + ", call " + s[4]), q(job),
		q([]string{"female", "male"}[p.n%2]), fmt.Sprint(p.n%3 == 0), fmt.Sprint(p.n), "21.5", q("ward 4"), fmt.Sprint(p.n),
	}, ", ") + ")"
}

// source makes and fills the source table.
func source(rows []patient) []step {
	var values []string
	for _, p := range rows {
		values = append(values, p.values())
	}
	return []step{
		{DuckDB: `CREATE OR REPLACE TABLE curated.patients (
			full_name VARCHAR, zip_code VARCHAR,
			address STRUCT(line VARCHAR, city VARCHAR, state VARCHAR, postalcode VARCHAR)[],
			birth_date VARCHAR, first_visit DATE, last_visit TIMESTAMP, age_years INT,
			phone VARCHAR, fax VARCHAR, email VARCHAR, ssn VARCHAR, mrn VARCHAR, member_number BIGINT, account VARCHAR,
			driving_license VARCHAR, number_plate VARCHAR, pacemaker_serial VARCHAR, home_page VARCHAR, ip VARCHAR,
			fingerprint VARCHAR, photo VARCHAR, fhir_id VARCHAR, note VARCHAR, occupation VARCHAR,
			gender VARCHAR, smoker BOOLEAN, visits INT, bmi DOUBLE, ward VARCHAR, seq INT)`},
		{DuckDB: "INSERT INTO curated.patients VALUES " + strings.Join(values, ",\n")},
	}
}
