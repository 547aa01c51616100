package assembly

import (
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/iampolicy"
	"github.com/lakemesh/lakemesh/constructs/opendata/registry"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// readPolicies adds the ways to files that policies of IAM, of buckets and of keys open,
// and those whom they let give access.
func readPolicies(state *access.State, policies *iampolicy.Policies) {
	located := false
	for i := range state.Catalogs {
		c := &state.Catalogs[i]
		for _, l := range c.Locations {
			located = true
			if place, _ := s3uri.FromARN(l.ARN); len(registry.Hosted(place.Bucket)) > 0 {
				c.Bypasses = append(c.Bypasses, access.Bypass{
					Principal: "*", Location: l.ARN, Can: []access.Ability{access.CanRead}, Path: []string{"open data, which its publisher shows to everybody"}, Certain: true,
				})
				continue
			}
			for _, r := range policies.Reaches(l.ARN, c.Account) {
				b := access.Bypass{Principal: r.Principal, Location: l.ARN, Path: r.Path, Certain: r.Certain}
				for _, can := range r.Can {
					b.Can = append(b.Can, access.Ability(can))
				}
				if r.Principal == l.Role {
					b.Path = append([]string{"the role that Lake Formation itself takes here"}, b.Path...)
				}
				c.Bypasses = append(c.Bypasses, b)
			}
		}
		if len(c.Locations)+len(c.Admins)+len(c.Databases) > 0 {
			c.Grantors = append(c.Grantors, grantors(c, policies)...)
		}
	}
	for _, a := range policies.Assumptions(rolesIn(state)...) {
		state.Assumptions = append(state.Assumptions, access.Assumption(a))
	}
	if located {
		state.Unresolved = append(state.Unresolved, policies.Unresolved...)
	}
}

// rolesIn are whom the catalogs name as principals.
func rolesIn(state *access.State) []string {
	var out []string
	for _, c := range state.Catalogs {
		for _, g := range c.Grants {
			out = append(out, g.Principal)
		}
		for _, b := range c.Bypasses {
			out = append(out, b.Principal)
		}
		out = append(out, c.Admins...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// everything is what an administrator can give.
const everything = "everything in the catalog"

// powers are the calls by which a principal gives itself what it has not.
var powers = []struct{ call, what string }{
	{"lakeformation:PutDataLakeSettings", everything + ", by making itself an administrator of Lake Formation"},
	{"iam:PutRolePolicy", "any policy of IAM to a role"},
	{"iam:AttachRolePolicy", "any policy of IAM to a role"},
	{"iam:PutUserPolicy", "any policy of IAM to a user"},
	{"iam:AttachUserPolicy", "any policy of IAM to a user"},
	{"iam:CreatePolicyVersion", "any policy of IAM, by changing one"},
	{"iam:UpdateAssumeRolePolicy", "what any role has, by letting itself take it"},
	{"lakeformation:DeregisterResource", "files of registered locations to whoever IAM lets in, by taking them from Lake Formation"},
	{"lakeformation:UpdateResource", "files of registered locations to whoever IAM lets in, by hybrid access mode"},
}

// grantors are those of the catalog's account whom policies let give access.
func grantors(c *access.Catalog, policies *iampolicy.Policies) []access.Grantor {
	var out []access.Grantor
	add := func(call, what, resource string) {
		for _, by := range policies.Permitted(call, resource) {
			g := access.Grantor{Principal: by.Name, What: what, Path: append([]string{call}, by.Path...), Certain: by.Certain}
			if by.Principal.Account == c.Account && !slices.ContainsFunc(out, func(o access.Grantor) bool { return o.Principal == g.Principal && o.What == what }) {
				out = append(out, g)
			}
		}
	}
	for _, power := range powers {
		add(power.call, power.what, "*")
	}
	for _, l := range c.Locations {
		place, ok := s3uri.FromARN(l.ARN)
		if !ok {
			place = s3uri.Parse(l.ARN)
		}
		bucket, _, _ := strings.Cut(l.ARN, "/")
		add("s3:PutBucketPolicy", "files of s3://"+place.Bucket+", by changing the bucket's policy", bucket)
	}
	return append(out, administrators(c, policies)...)
}

// administrators are those of the catalog that the templates make, and whether their own
// policies let them grant.
func administrators(c *access.Catalog, policies *iampolicy.Policies) []access.Grantor {
	const call = "lakeformation:GrantPermissions"
	permitted := map[string]iampolicy.Permission{}
	for _, p := range policies.Permitted(call, "*") {
		permitted[p.Name] = p
	}
	var out []access.Grantor
	for _, admin := range c.Admins {
		if holder := policies.Principals[admin]; holder == nil || !holder.Made {
			continue
		}
		g := access.Grantor{Principal: admin, What: everything, Path: []string{"administrator of Lake Formation"}}
		if p, may := permitted[admin]; may {
			g.Path, g.Certain = append(append(g.Path, call), p.Path...), p.Certain
		} else {
			g.Path = append(g.Path, "but no policy of the templates allows it "+call)
		}
		out = append(out, g)
	}
	return out
}
