package cdkapp

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// IsRevision reports whether git knows a text as a revision of the repository that a folder
// is in.
func IsRevision(ctx context.Context, folder, revision string) bool {
	_, err := commit(ctx, folder, revision)
	return err == nil
}

// commit returns the hash of a revision.
func commit(ctx context.Context, folder, revision string) (string, error) {
	return git(ctx, folder, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
}

// At writes the cloud assembly of an app into a folder, as the app was at a revision of the
// git repository that its folder is in.
func At(ctx context.Context, revision string, app App, output string) (err error) {
	hash, err := commit(ctx, app.Folder, revision)
	if err != nil {
		return fmt.Errorf("git knows no revision %s here; in a shallow clone, fetch it first: git fetch origin %s", revision, strings.TrimPrefix(revision, "origin/"))
	}
	root, err := git(ctx, app.Folder, "rev-parse", "--show-toplevel")
	if err != nil {
		return err
	}
	prefix, err := git(ctx, app.Folder, "rev-parse", "--show-prefix")
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "lakemesh-revision-")
	if err != nil {
		return err
	}
	tree := filepath.Join(folder, "tree")
	defer func() { err = errors.Join(err, removeTree(root, tree), os.RemoveAll(folder)) }()
	if _, err := git(ctx, root, "worktree", "add", "--quiet", "--detach", tree, hash); err != nil {
		return fmt.Errorf("the revision %s cannot be checked out: %w", revision, err)
	}
	links, err := link(root, tree, filepath.FromSlash(prefix))
	defer func() { err = errors.Join(err, unlink(links)) }()
	if err != nil {
		return err
	}
	app.Folder = filepath.Join(tree, filepath.FromSlash(prefix))
	if _, missing := os.Stat(filepath.Join(app.Folder, "cdk.json")); missing != nil {
		return fmt.Errorf("the revision %s has no %scdk.json; fix: run this in the folder of the app's cdk.json, and name a revision that has it there", revision, prefix)
	}
	if err := Synth(ctx, app, output); err != nil {
		return fmt.Errorf("the revision %s cannot be synthesized: %w", revision, err)
	}
	return nil
}

// removeTree takes a worktree out of the repository, also one that is half made, and when the
// context has ended.
func removeTree(root, tree string) error {
	if _, err := os.Stat(tree); err != nil {
		return nil // nothing was checked out
	}
	_, err := git(context.Background(), root, "worktree", "remove", "--force", "--force", tree)
	return err
}

// installed are the folders of dependencies that are not committed.
var installed = []string{"node_modules", ".venv", "venv"}

// link links what is installed at the root of the repository and in the app's folder into
// another checkout, where that does not have it, and returns the links.
func link(root, tree, prefix string) ([]string, error) {
	var links []string
	for _, folder := range []string{"", prefix} {
		for _, name := range installed {
			from, to := filepath.Join(root, folder, name), filepath.Join(tree, folder, name)
			if _, err := os.Stat(from); err != nil {
				continue
			}
			if _, err := os.Lstat(to); err == nil {
				continue
			}
			if err := os.Symlink(from, to); err != nil {
				return links, err
			}
			links = append(links, to)
		}
	}
	return links, nil
}

// unlink removes links, so that nothing that removes the checkout follows them.
func unlink(links []string) error {
	var failed []error
	for _, l := range links {
		if info, err := os.Lstat(l); err == nil && info.Mode()&os.ModeSymlink != 0 {
			failed = append(failed, os.Remove(l))
		}
	}
	return errors.Join(failed...)
}

// git runs git in a folder and returns what it prints, without the end of the line.
func git(ctx context.Context, folder string, arguments ...string) (string, error) {
	command := exec.CommandContext(ctx, "git", arguments...) //nolint:gosec // a revision, after --end-of-options
	command.Dir = folder
	printed, err := command.Output()
	if ctx.Err() != nil {
		return "", fmt.Errorf("git %s: %w", arguments[0], interrupted(ctx))
	}
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return "", fmt.Errorf("git %s: %w\n%s", arguments[0], err, end(string(failed.Stderr)))
	}
	return strings.TrimRight(string(printed), "\r\n"), err
}
