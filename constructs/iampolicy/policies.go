package iampolicy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/template"
)

// Policy is one policy document.
type Policy struct {
	Stack      *template.Stack // nil of one of AWS's
	Place      string          // stack and logical id, or the name of one of AWS's
	Attached   []string        // ARNs of roles, users and groups; none of a bucket's or key's
	Statements []Statement     // in the order of the document
	// Conditional says that the template makes or attaches it under a condition only.
	Conditional bool
}

// Principal is a role, user or group that policies of the templates are given to.
type Principal struct {
	ARN      string    // a marker when its name is only known at the deployment
	Account  string    // that it is in
	Policies []*Policy // that it is given, also by its groups
	Bounded  bool      // by a permissions boundary, which is not evaluated
	Made     bool      // by the templates, so that it has no policies but theirs
	Trust    *Policy   // of a role of the templates: who may become it
}

// Bucket is a bucket of the templates.
type Bucket struct {
	Name     string    // a marker when it is only known at the deployment
	Account  string    // that owns it
	Region   string    // that it is in
	Policies []*Policy // of the bucket itself
	Key      string    // ARN or id of the key of KMS that its objects get; "" is none but S3's or AWS's own
	Closed   bool      // public access is blocked, whatever its policy says
}

// Key is a key of KMS of the templates.
type Key struct {
	ARN     string   // with a marker for its id, as templates never say it
	Account string   // that it is in
	Aliases []string // with the prefix alias/
	Policy  *Policy  // of the key itself
}

// Policies are those of stacks that are deployed together.
type Policies struct {
	All        []*Policy             // of IAM, in the order of stacks and logical ids
	Principals map[string]*Principal // by ARN
	Buckets    map[string]*Bucket    // by name
	Keys       map[string]*Key       // by ARN and by id
	// Unresolved is what may let somebody do something, and cannot be read.
	Unresolved []template.Unresolved

	byBucket map[string][]*Principal // who is allowed something about a bucket, by its name
	anywhere []*Principal            // who is allowed something about buckets of any name
	same     *strings.Replacer       // one form of ARN for each bucket and key
}

// Of reads the policies of stacks that are deployed together.
func Of(stacks []*template.Stack) *Policies {
	p := &Policies{Principals: map[string]*Principal{}, Buckets: map[string]*Bucket{}, Keys: map[string]*Key{}}
	var readers []*reader
	var names []string // of buckets and keys that are only known at the deployment, as one ARN each
	for _, s := range stacks {
		r := &reader{Resolver: template.NewResolver(s), stack: s, into: p, attaching: map[string][]string{}, members: map[string][]string{}}
		readers = append(readers, r)
		for _, id := range slices.Sorted(maps.Keys(s.Resources)) {
			r.index(id)
			marker := "${" + s.Name + "." + id
			switch s.Resources[id].Type {
			case "AWS::S3::Bucket":
				names = append(names, marker+".Arn}", "arn:"+template.PartitionOf(s.Region).Name+":s3:::"+marker+"}")
			case "AWS::KMS::Key":
				names = append(names, marker+".Arn}", "arn:"+template.PartitionOf(s.Region).Name+":kms:"+s.Region+":"+s.Account+":key/"+marker+"}")
			}
		}
	}
	p.same = strings.NewReplacer(names...)
	for _, r := range readers {
		for _, id := range slices.Sorted(maps.Keys(r.stack.Resources)) {
			r.holders(id)
		}
	}
	for _, r := range readers {
		for _, id := range slices.Sorted(maps.Keys(r.stack.Resources)) {
			r.policies(id)
		}
	}
	for _, r := range readers {
		r.joinGroups()
	}
	p.indexBuckets()
	return p
}

// reader reads one template.
type reader struct {
	*template.Resolver
	stack     *template.Stack
	into      *Policies
	attaching map[string][]string // roles, users and groups that name a managed policy, by its logical id
	members   map[string][]string // ARNs of users, by the ARN of their group
}

func (r *reader) place(id string) string { return r.stack.Name + "/" + id }

// index notes which holders name which managed policy of the template.
func (r *reader) index(id string) {
	for _, entry := range list(r.stack.Resources[id].Properties["ManagedPolicyArns"]) {
		if reference, ok := entry.(map[string]any); ok {
			policy := text(reference["Ref"])
			r.attaching[policy] = append(r.attaching[policy], id)
		}
	}
}

// value is a property with everything worked out, and each bucket in one form.
func (r *reader) value(in any) any { return r.unify(r.Value(in, "")) }

func (r *reader) unify(in any) any {
	switch v := in.(type) {
	case string:
		if strings.Contains(v, "${") {
			return r.into.same.Replace(v)
		}
	case []any:
		for i := range v {
			v[i] = r.unify(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = r.unify(v[key])
		}
	}
	return in
}

func (r *reader) property(id, path string) any {
	return r.value(template.Property(r.stack.Resources[id].Properties, path))
}

func (r *reader) ref(id string) string { return text(r.value(map[string]any{"Ref": id})) }

func (r *reader) arn(id string) string {
	return text(r.value(map[string]any{"Fn::GetAtt": []any{id, "Arn"}}))
}

// principal is the holder of an ARN, made on first use.
func (r *reader) principal(arn string) *Principal {
	p := r.into.Principals[arn]
	if p == nil {
		p = &Principal{ARN: arn, Account: r.stack.Account}
		if account := accountOf(arn); account != "" {
			p.Account = account
		}
		r.into.Principals[arn] = p
	}
	return p
}

// holders reads roles, users, groups, buckets and keys.
func (r *reader) holders(id string) {
	switch r.stack.Resources[id].Type {
	case "AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group":
		p := r.principal(r.arn(id))
		p.Made = true
		p.Bounded = p.Bounded || r.stack.Resources[id].Properties["PermissionsBoundary"] != nil
		if trust := r.property(id, "AssumeRolePolicyDocument"); trust != nil {
			p.Trust = r.trust(id, trust)
		}
	case "AWS::S3::Bucket":
		b := &Bucket{Name: r.ref(id), Account: r.stack.Account, Region: r.stack.Region}
		block, _ := r.property(id, "PublicAccessBlockConfiguration").(map[string]any)
		b.Closed = text(block["RestrictPublicBuckets"]) == "true"
		for _, rule := range list(r.property(id, "BucketEncryption.ServerSideEncryptionConfiguration")) {
			b.Key = template.Text(rule, "ServerSideEncryptionByDefault.KMSMasterKeyID")
		}
		if strings.HasSuffix(b.Key, "alias/aws/s3") {
			b.Key = ""
		}
		r.into.Buckets[b.Name] = b
	case "AWS::KMS::Key":
		k := &Key{ARN: r.arn(id), Account: r.stack.Account}
		k.Policy = r.document(id, "", r.property(id, "KeyPolicy"))
		r.into.Keys[k.ARN], r.into.Keys[r.ref(id)] = k, k
	}
}

// document is a policy of a resource.
func (r *reader) document(id, name string, in any) *Policy {
	place := r.place(id)
	if name != "" {
		place += ", " + name
	}
	out, whole := statements(in)
	if !whole {
		r.unresolved(id, "a policy, some of which is only known when it is deployed: what it allows is not counted")
	}
	return &Policy{Stack: r.stack, Place: place, Statements: out, Conditional: r.stack.Resources[id].Condition != ""}
}

// trust is the trust policy of a role, each statement of which is about the role.
func (r *reader) trust(id string, in any) *Policy {
	p := r.document(id, "trust policy", in)
	for i := range p.Statements {
		p.Statements[i].Resources = []string{"*"}
	}
	return p
}

func (r *reader) unresolved(id, reason string) {
	r.into.Unresolved = append(r.into.Unresolved, template.Unresolved{Place: r.stack.Name + " " + id, Text: r.stack.Resources[id].Type, Reason: reason})
}

// policies gives each policy of a resource to its holders.
func (r *reader) policies(id string) {
	switch kind := r.stack.Resources[id].Type; kind {
	case "AWS::IAM::ManagedPolicy", "AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::UserPolicy", "AWS::IAM::GroupPolicy":
		p := r.document(id, "", r.property(id, "PolicyDocument"))
		p.Attached = r.attachedTo(id)
		for _, other := range r.attaching[id] {
			p.Attached = append(p.Attached, r.arn(other))
		}
		r.give(id, p)
	case "AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group":
		for _, entry := range list(r.property(id, "Policies")) {
			p := r.document(id, template.Text(entry, "PolicyName"), template.Property(entry, "PolicyDocument"))
			p.Attached = []string{r.arn(id)}
			r.give(id, p)
		}
		r.managed(id)
		for _, group := range list(r.stack.Resources[id].Properties["Groups"]) {
			r.join(group, r.arn(id))
		}
	case "AWS::SSO::PermissionSet":
		r.permissionSet(id)
	case "AWS::IAM::UserToGroupAddition":
		for _, user := range list(r.stack.Resources[id].Properties["Users"]) {
			r.join(r.stack.Resources[id].Properties["GroupName"], r.named("user/", user))
		}
	case "AWS::KMS::Alias":
		if k := r.into.Keys[text(r.property(id, "TargetKeyId"))]; k != nil {
			k.Aliases = append(k.Aliases, text(r.property(id, "AliasName")))
		}
	case "AWS::S3::BucketPolicy":
		if b := r.into.Buckets[text(r.property(id, "Bucket"))]; b != nil {
			b.Policies = append(b.Policies, r.document(id, "", r.property(id, "PolicyDocument")))
		} else {
			name := text(r.property(id, "Bucket"))
			r.into.Buckets[name] = &Bucket{Name: name, Account: r.stack.Account, Region: r.stack.Region, Policies: []*Policy{r.document(id, "", r.property(id, "PolicyDocument"))}}
		}
	}
}

// managed gives a holder the policies of AWS, and says which are not known.
func (r *reader) managed(id string) {
	for _, raw := range list(r.stack.Resources[id].Properties["ManagedPolicyArns"]) {
		if reference, _ := raw.(map[string]any); r.stack.Resources[text(reference["Ref"])].Type != "" {
			continue // one of the templates, which names who it is given to
		}
		r.managedBy(id, r.value(raw))
	}
}

// managedBy gives a holder one policy, or several of a list, by their ARNs.
func (r *reader) managedBy(id string, in any) {
	for _, entry := range list(in) {
		arn := text(entry)
		_, name, isManaged := strings.Cut(arn, ":iam::aws:policy/")
		switch {
		case entry == nil: // left out by a condition
		case !isManaged:
			r.unresolved(id, "the policy "+template.Written(entry)+" is not in the templates: what it allows is not counted")
		default:
			name = name[strings.LastIndex(name, "/")+1:]
			known, ok := managedPolicies[name]
			if !ok {
				r.unresolved(id, "what AWS's policy "+name+" allows is not known here, and not counted")
				continue
			}
			r.give(id, &Policy{Place: name, Attached: []string{r.arn(id)}, Statements: known, Conditional: r.stack.Resources[id].Condition != ""})
		}
	}
}

func (r *reader) give(id string, p *Policy) {
	r.into.All = append(r.into.All, p)
	for _, s := range p.Statements {
		for _, resource := range s.Resources {
			if !s.Deny && ofObjects(s) && template.IsUnresolved(variable.ReplaceAllString(resource, "*")) && !r.knows(resource) {
				r.unresolved(id, "which bucket "+resource+" is, is only known when it is deployed: what it allows there is not counted")
			}
		}
	}
	slices.Sort(p.Attached)
	p.Attached = slices.Compact(p.Attached)
	for _, arn := range p.Attached {
		h := r.principal(arn)
		h.Policies = append(h.Policies, p)
	}
	if len(p.Attached) == 0 {
		r.into.Principals["whoever is given "+p.Place] = &Principal{Account: r.stack.Account, Policies: []*Policy{p}, Made: true}
	}
}

// knows reports whether the bucket of a resource is one of the templates.
func (r *reader) knows(resource string) bool {
	return r.into.Buckets[bucketOf(resource)] != nil
}

// ofObjects reports whether a statement is about the objects of buckets.
func ofObjects(s Statement) bool {
	return slices.ContainsFunc(objectActions, s.onAction)
}

// attachedTo are the ARNs of the roles, users and groups that a policy names.
func (r *reader) attachedTo(id string) []string {
	raw := r.stack.Resources[id].Properties
	var out []string
	for _, kind := range []struct{ one, many, path string }{{"RoleName", "Roles", "role/"}, {"UserName", "Users", "user/"}, {"GroupName", "Groups", "group/"}} {
		named := list(raw[kind.many])
		if raw[kind.one] != nil {
			named = append(slices.Clone(named), raw[kind.one])
		}
		for _, entry := range named {
			out = append(out, r.named(kind.path, entry))
		}
	}
	return out
}

// named is the ARN of a holder by its name, or a reference to it.
func (r *reader) named(path string, entry any) string {
	if reference, ok := entry.(map[string]any); ok {
		if target := text(reference["Ref"]); target != "" && r.stack.Resources[target].Type != "" {
			return r.arn(target)
		}
	}
	return fmt.Sprintf("arn:%s:iam::%s:%s%s", template.PartitionOf(r.stack.Region).Name, r.stack.Account, path, text(r.value(entry)))
}

func (r *reader) join(group any, user string) {
	arn := r.named("group/", group)
	r.members[arn] = append(r.members[arn], user)
}

// joinGroups gives the members of groups what the groups are given.
func (r *reader) joinGroups() {
	for _, group := range slices.Sorted(maps.Keys(r.members)) {
		for _, user := range r.members[group] {
			p := r.principal(user)
			p.Policies = append(p.Policies, r.principal(group).Policies...)
		}
	}
}

// indexBuckets notes who is allowed something about which bucket.
func (p *Policies) indexBuckets() {
	p.byBucket = map[string][]*Principal{}
	for _, name := range slices.Sorted(maps.Keys(p.Principals)) {
		holder := p.Principals[name]
		buckets, anywhere := map[string]bool{}, false
		for _, policy := range holder.Policies {
			for _, s := range policy.Statements {
				if s.Deny || !ofObjects(s) {
					continue
				}
				anywhere = anywhere || len(s.NotResources) > 0
				for _, resource := range s.Resources {
					bucket := bucketOf(widened(resource))
					anywhere = anywhere || strings.ContainsAny(bucket, "*?") || bucket == ""
					buckets[bucket] = true
				}
			}
		}
		if anywhere {
			p.anywhere = append(p.anywhere, holder)
			continue
		}
		for bucket := range buckets {
			p.byBucket[bucket] = append(p.byBucket[bucket], holder)
		}
	}
}

// bucketOf is the bucket in the ARN of objects.
func bucketOf(arn string) string {
	_, path, inS3 := strings.Cut(arn, ":s3:::")
	if !inS3 {
		if strings.ContainsAny(arn, "*?") {
			return "*"
		}
		return arn
	}
	return template.SplitOutsideMarkers(path, "/")[0]
}
