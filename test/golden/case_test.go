package golden

import "testing"

func TestEdit(t *testing.T) {
	const text = "one\ntwo\ntwo\nthree\n"
	for changes, want := range map[string]string{
		"-one\n+1\n":             "1\ntwo\ntwo\nthree\n",
		"-one\n\n-three\n+3\n":   "two\ntwo\n3\n",
		" one\n+and\n two\n":     "one\nand\ntwo\ntwo\nthree\n",
		"+zero\n one\n":          "zero\none\ntwo\ntwo\nthree\n",
		" three\n+\n+five\n":     "one\ntwo\ntwo\nthree\n\nfive\n",
		"-two\n two\n-three\n+3": "one\ntwo\n3\n",
	} {
		if got, err := edit([]byte(text), []byte(changes)); err != nil || string(got) != want {
			t.Errorf("%q gives %q, %v, want %q", changes, got, err, want)
		}
	}
	for changes, want := range map[string]string{
		"-two\n+2\n": "the file has this more than once:\ntwo\n",
		"-four\n":    "the file does not have this:\nfour\n",
		"one\n":      `the line "one" starts with neither a blank nor - nor +`,
	} {
		if _, err := edit([]byte(text), []byte(changes)); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", changes, err, want)
		}
	}
}
