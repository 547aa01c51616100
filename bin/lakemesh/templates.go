package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
)

// templateSource says which templates are meant, and what they do not say themselves.
type templateSource struct {
	path       string // of a folder or of one template
	given      template.Given
	parameters []string // as Name=Value
}

func (s *templateSource) addFlags(command *cobra.Command) {
	s.addPlacelessFlags(command)
	flags := command.Flags()
	flags.StringVar(&s.given.Account, "account", "", "account of stacks that have no fixed one")
	flags.StringVar(&s.given.Region, "region", "", "region of stacks that have no fixed one")
}

// addPlacelessFlags adds the flags but for account and region.
func (s *templateSource) addPlacelessFlags(command *cobra.Command) {
	flags := command.Flags()
	flags.StringVarP(&s.path, "assembly", "a", "cdk.out", "folder of the synthesized templates, folder of templates, or one template")
	flags.StringArrayVar(&s.parameters, "parameter", nil, "value of a parameter of the templates, Name=Value; may be repeated")
}

var accountNumber = regexp.MustCompile(`^\d{12}$`)

// values returns what is given for the templates, with the account and the region where
// one is asked for.
func (s *templateSource) values(accounts, regions []string) (template.Given, error) {
	for _, account := range accounts {
		if err := checkAccount(account); err != nil {
			return s.given, err
		}
	}
	if len(accounts) == 1 {
		s.given.Account = accounts[0]
	}
	if len(regions) == 1 {
		s.given.Region = regions[0]
	}
	return s.given, complete(&s.given, s.parameters)
}

// complete adds parameters as Name=Value to what is given for templates, and checks its account.
func complete(given *template.Given, parameters []string) error {
	if given.Account != "" {
		if err := checkAccount(given.Account); err != nil {
			return err
		}
	}
	var err error
	given.Parameters, err = assignmentsIn("parameter", parameters)
	return err
}

func checkAccount(account string) error {
	if !accountNumber.MatchString(account) {
		return fmt.Errorf("--account: got %q; expected the 12 digits of an account", account)
	}
	return nil
}

// read returns what the templates grant, tag and catalogue.
func (s *templateSource) read() (*access.State, error) {
	if err := complete(&s.given, s.parameters); err != nil {
		return nil, err
	}
	state, err := assembly.ReadGiven(s.path, s.given)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("no templates in %s: run cdk synth first, or name their folder with --assembly (%w)", s.path, err)
	}
	return state, err
}

// readOne is read for flags of which each may be given once.
func (s *templateSource) readOne(accounts, regions []string) (*access.State, error) {
	if len(accounts) > 1 || len(regions) > 1 {
		return nil, errors.New("--account and --region: got several; expected one of each for templates, several with --live only")
	}
	if _, err := s.values(accounts, regions); err != nil {
		return nil, err
	}
	return s.read()
}

// title is what the templates are called: by their folder.
func (s *templateSource) title() string { return filepath.Base(filepath.Clean(s.path)) }

// assignmentsIn takes Name=Value apart, as a flag has it.
func assignmentsIn(flag string, texts []string) (map[string]string, error) {
	out := map[string]string{}
	for _, text := range texts {
		name, value, ok := strings.Cut(text, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("--%s: got %q; expected Name=Value", flag, text)
		}
		out[name] = value
	}
	return out, nil
}
