package live

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"golang.org/x/sync/errgroup"
)

// StackName is a stack of templates, as it is deployed.
type StackName struct {
	Place
	// Name is that of the stack; parent/LogicalId of a nested one.
	Name string
}

// Key returns "account/region/name", as template.Stack.Key does.
func (s StackName) Key() string { return s.String() + "/" + s.Name }

// Names returns what the deployment called the resources of stacks, by the stack's key and
// the logical id: what template.Given takes. A stack that cannot be read is a problem.
func Names(ctx context.Context, cfg aws.Config, role string, stacks ...StackName) (map[string]map[string]string, []Problem) {
	places := map[Place][]StackName{}
	var order []Place
	for _, s := range stacks {
		places[s.Place] = append(places[s.Place], s)
		order = append(order, s.Place)
	}
	order = SortPlaces(order)
	found := make([]*stackNames, len(order))
	var group errgroup.Group
	group.SetLimit(maxPlaces)
	for i, p := range order {
		group.Go(func() error {
			found[i] = &stackNames{ctx: ctx, place: p, names: map[string]map[string]string{}}
			entered, failed := enter(ctx, patient(cfg, p.Region), role, p)
			if failed != nil {
				found[i].problems = []Problem{*failed}
				return nil
			}
			found[i].client = cloudformation.NewFromConfig(entered)
			for _, s := range places[p] {
				found[i].read(s.Name)
			}
			return nil
		})
	}
	_ = group.Wait() // what fails is in the problems
	names := map[string]map[string]string{}
	var problems []Problem
	for _, f := range found {
		problems = append(problems, f.problems...)
		for name, of := range f.names {
			names[StackName{f.place, name}.Key()] = of
		}
	}
	return names, problems
}

// stackNames are the names of one account and region.
type stackNames struct {
	ctx      context.Context
	client   cloudformation.ListStackResourcesAPIClient
	place    Place
	names    map[string]map[string]string
	problems []Problem
}

// read returns the names in a stack, after those of the stack that it is nested in.
func (s *stackNames) read(name string) map[string]string {
	if known, seen := s.names[name]; seen {
		return known
	}
	s.names[name] = map[string]string{}
	deployed := name
	if i := strings.LastIndex(name, "/"); i >= 0 {
		if deployed = s.read(name[:i])[name[i+1:]]; deployed == "" {
			return nil // its parent could not be read, or does not have it
		}
	}
	pages := cloudformation.NewListStackResourcesPaginator(s.client, &cloudformation.ListStackResourcesInput{StackName: &deployed})
	err := each(s.ctx, pages, func(page *cloudformation.ListStackResourcesOutput) {
		for _, r := range page.StackResourceSummaries {
			s.names[name][aws.ToString(r.LogicalResourceId)] = aws.ToString(r.PhysicalResourceId)
		}
	})
	if err != nil && !slices.ContainsFunc(s.problems, func(p Problem) bool { return p.Call == namesCall && code(p.Err) == code(err) }) {
		s.problems = append(s.problems, Problem{Account: s.place.Account, Region: s.place.Region, Call: namesCall, Part: NameOfStack, About: []string{name}, Err: err})
	}
	return s.names[name]
}
