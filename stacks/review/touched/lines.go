package touched

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// Lines are the lines that a change touches, in the order of files and lines.
type Lines struct {
	lines []line
}

// line is one line that was written, or the one that something was taken out at.
type line struct {
	file   string // path from the root of the repository, with slashes
	number int    // from 1
	own    map[string]bool
	around map[string]bool // words of what it is indented below and stands beside
}

// maxLines is how many lines of a file are looked at: a file of more is not written by hand.
const maxLines = 20_000

// Between reads what differs between two revisions of the repository that a folder is in;
// head "" is the working tree. Files that git does not track are left out.
func Between(ctx context.Context, folder, base, head string) (*Lines, error) {
	root, err := git(ctx, folder, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	root = strings.TrimRight(root, "\r\n")
	arguments := []string{"-c", "core.quotePath=false", "diff", "-U0", "--no-color", "--no-ext-diff", "--no-renames", "--end-of-options", base}
	if head != "" {
		arguments = append(arguments, head)
	}
	text, err := git(ctx, root, append(arguments, "--")...)
	if err != nil {
		return nil, err
	}
	read := func(file string) (string, error) {
		if head != "" {
			return git(ctx, root, "show", "--end-of-options", head+":"+file)
		}
		content, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file))) //nolint:gosec // a file that git tracks
		return string(content), err
	}
	return parse(text, read)
}

// hunk begins what differs at one place, with its first line after the change.
var hunk = regexp.MustCompile(`^@@ -\d+(?:,\d+)? \+(\d+)`)

// parse reads what git diff prints. read returns a file as it is after the change.
func parse(text string, read func(file string) (string, error)) (*Lines, error) {
	out := &Lines{}
	var file string
	var content []string
	at := 0
	for raw := range strings.SplitSeq(text, "\n") {
		switch {
		case strings.HasPrefix(raw, "+++ "):
			file, content = "", nil
			if name, found := strings.CutPrefix(strings.TrimRight(raw, "\t\r"), "+++ b/"); found {
				whole, err := read(name)
				if err != nil {
					return nil, err
				}
				if content = strings.Split(whole, "\n"); len(content) <= maxLines {
					file = name
				}
			}
		case file == "":
		case strings.HasPrefix(raw, "@@ "):
			m := hunk.FindStringSubmatch(raw)
			if m == nil {
				return nil, fmt.Errorf("git diff: got %q; expected where lines differ", raw)
			}
			first, err := strconv.Atoi(m[1])
			if err != nil {
				return nil, err
			}
			at = max(first, 1)
		case strings.HasPrefix(raw, "+"):
			out.lines = append(out.lines, lineOf(file, at, raw[1:], content))
			at++
		case strings.HasPrefix(raw, "-"): // git has what was taken out before what stands there now
			out.lines = append(out.lines, lineOf(file, at, raw[1:], content))
		}
	}
	return out, nil
}

// word is what names are made of.
var word = regexp.MustCompile(`[\pL\pN_-]+`)

func addWords(to map[string]bool, text string) {
	for _, w := range word.FindAllString(text, -1) {
		to[strings.ToLower(w)] = true
	}
}

// lineOf is a line with the words around it: of the lines that it is indented below, each
// less than the one before, and of those that stand beside it.
func lineOf(file string, number int, text string, content []string) line {
	l := line{file: file, number: number, own: map[string]bool{}, around: map[string]bool{}}
	addWords(l.own, text)
	depth := indent(text)
	own := depth
	for i := number - 2; i >= 0 && depth > 0; i-- {
		if i >= len(content) || strings.TrimSpace(content[i]) == "" {
			continue
		}
		switch d := indent(content[i]); {
		case d < depth:
			depth = d
			addWords(l.around, content[i])
		case d == own && depth == own:
			addWords(l.around, content[i])
		}
	}
	for i := number; i < len(content); i++ {
		d := indent(content[i])
		if strings.TrimSpace(content[i]) != "" && d < own {
			break
		}
		if d == own && own > 0 {
			addWords(l.around, content[i])
		}
	}
	return l
}

// indent is how many blanks a line begins with.
func indent(text string) int { return len(text) - len(strings.TrimLeft(text, " \t")) }

func git(ctx context.Context, folder string, arguments ...string) (string, error) {
	command := exec.CommandContext(ctx, "git", arguments...) //nolint:gosec // revisions, after --end-of-options
	command.Dir = folder
	printed, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("git %s: %w", strings.Join(arguments, " "), err)
	}
	return string(printed), nil
}
