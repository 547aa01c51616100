package live_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/stacks/access/live"
)

// organization answers for every account over HTTP: the account is that of the role which
// was assumed last with the key that signs.
type organization struct {
	mutex     sync.Mutex
	throttled map[string]int // calls that are still to be throttled
	calls     map[string]int
	closed    string // an account whose role may not be assumed
}

func (o *organization) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	_, credential, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	account := credential[:12]
	operation := strings.TrimPrefix(r.URL.Path, "/")
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		operation = target[strings.Index(target, ".")+1:]
	}
	form, _ := url.ParseQuery(string(body))
	if action := form.Get("Action"); action != "" {
		operation = action
	}
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.calls[account+" "+operation]++
	throttle := o.throttled[operation] > 0
	if throttle {
		o.throttled[operation]--
	}
	refuse := func(code, message string) {
		w.Header().Set("X-Amzn-Errortype", code)
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(map[string]string{"message": message})
	}
	switch operation {
	case "AssumeRole":
		arn := form.Get("RoleArn")
		asked := strings.Split(arn, ":")[4]
		if asked == o.closed {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `<ErrorResponse><Error><Code>AccessDenied</Code><Message>not authorized to perform: sts:AssumeRole</Message></Error></ErrorResponse>`)
			return
		}
		fmt.Fprintf(w, `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>%sKEY</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`, asked)
		return
	case "GetCallerIdentity":
		fmt.Fprintf(w, `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::%s:assumed-role/Auditor/lakemesh</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`, account)
		return
	}
	if operation == "ListStackResources" {
		stack, token := form.Get("StackName"), form.Get("NextToken")
		switch {
		case stack == "gone":
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id gone does not exist</Message></Error></ErrorResponse>`)
		case stack == "ward" && token == "":
			fmt.Fprint(w, listed("Nested", "arn:of:nested", "more"))
		case stack == "ward":
			fmt.Fprint(w, listed("Role", account+"-ward-role", ""))
		default:
			fmt.Fprint(w, listed("Bucket", "bucket-of-"+stack, ""))
		}
		return
	}
	if throttle {
		refuse("ThrottlingException", "Rate exceeded")
		return
	}
	answer := map[string]any{}
	switch operation {
	case "GetDataLakeSettings":
		answer["DataLakeSettings"] = map[string]any{"ReadOnlyAdmins": []any{map[string]string{"DataLakePrincipalIdentifier": "arn:aws:iam::" + account + ":role/team/Auditor"}}}
	case "GetDatabases":
		answer["DatabaseList"] = []any{map[string]string{"Name": "db" + account}}
	case "GetTables":
		answer["TableList"] = []any{map[string]string{"Name": "visits"}}
	}
	_ = json.NewEncoder(w).Encode(answer)
}

func listed(logical, physical, next string) string {
	return `<ListStackResourcesResponse><ListStackResourcesResult><StackResourceSummaries><member><LogicalResourceId>` + logical +
		`</LogicalResourceId><PhysicalResourceId>` + physical + `</PhysicalResourceId></member></StackResourceSummaries><NextToken>` + next + `</NextToken></ListStackResourcesResult></ListStackResourcesResponse>`
}

func configFor(t *testing.T, o *organization) aws.Config {
	t.Helper()
	o.calls = map[string]int{}
	server := httptest.NewServer(o)
	t.Cleanup(server.Close)
	return aws.Config{BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("999999999999KEY", "s", "")}
}

// Several accounts and regions are read with the role of each, calls that are throttled
// are repeated, and an account that cannot be read does not hide the others.
func TestReadAccounts(t *testing.T) {
	o := &organization{throttled: map[string]int{"ListPermissions": 1}, closed: "333333333333"}
	places := live.Places([]string{"333333333333", "111111111111", "222222222222"}, []string{"us-east-1"})
	got := live.Read(t.Context(), configFor(t, o), "team/Auditor", places...)
	want := "333333333333/us-east-1: sts:AssumeRole: arn:aws:iam::333333333333:role/team/Auditor: failed to refresh cached credentials, operation error STS: AssumeRole, https response error StatusCode: 403, RequestID: , api error AccessDenied: not authorized to perform: sts:AssumeRole; " +
		"fix: the role must be there and trust the caller, and a policy of the caller must allow it sts:AssumeRole on the role; not known: everything"
	if err := got.Err(); err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	if n := len(got.State.Catalogs); n != 2 {
		t.Fatalf("%d accounts were read", n)
	}
	for _, c := range got.State.Catalogs {
		if len(c.Tables) != 1 || c.Tables[0].Database != "db"+c.Account {
			t.Errorf("%s: %+v", c.Key(), c)
		}
	}
	if n := o.calls["111111111111 ListPermissions"] + o.calls["222222222222 ListPermissions"]; n != 3 {
		t.Errorf("permissions were listed %d times; one of them was throttled", n)
	}
}

// Without a role the credentials are of one account.
func TestReadWithoutRole(t *testing.T) {
	got := live.Read(t.Context(), configFor(t, &organization{}), "", live.Place{Account: "111111111111", Region: "us-east-1"})
	if err := got.Err(); err == nil || !strings.Contains(err.Error(), "the credentials are of account 999999999999; fix: name a role") {
		t.Errorf("got %v", err)
	}
	cfg := configFor(t, &organization{})
	cfg.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{}, errors.New("nobody is logged in")
	})
	got = live.Read(t.Context(), cfg, "", live.Place{Account: "111111111111", Region: "us-east-1"})
	if err := got.Err(); err == nil || !strings.Contains(err.Error(), "no credentials: nobody is logged in") {
		t.Errorf("got %v", err)
	}
}

// What the deployment has named is found in each account, in nested stacks too.
func TestNames(t *testing.T) {
	first, second := live.Place{Account: "111111111111", Region: "us-east-1"}, live.Place{Account: "222222222222", Region: "us-east-1"}
	o := &organization{}
	got, problems := live.Names(t.Context(), configFor(t, o), "Auditor",
		live.StackName{Place: first, Name: "ward/Nested"}, live.StackName{Place: first, Name: "ward"}, live.StackName{Place: second, Name: "ward"},
		live.StackName{Place: second, Name: "gone"}, live.StackName{Place: second, Name: "ward/Missing"})
	want := map[string]map[string]string{
		"111111111111/us-east-1/ward":         {"Nested": "arn:of:nested", "Role": "111111111111-ward-role"},
		"111111111111/us-east-1/ward/Nested":  {"Bucket": "bucket-of-arn:of:nested"},
		"222222222222/us-east-1/gone":         {},
		"222222222222/us-east-1/ward":         {"Nested": "arn:of:nested", "Role": "222222222222-ward-role"},
		"222222222222/us-east-1/ward/Missing": {},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(problems) != 1 || !strings.Contains(problems[0].Error(), "222222222222/us-east-1: cloudformation:ListStackResources: ") || !strings.Contains(problems[0].Error(), "by which the templates mean what they name of gone") {
		t.Errorf("got %v", problems)
	}
	if n := o.calls["111111111111 ListStackResources"]; n != 3 {
		t.Errorf("%d calls", n)
	}
	calls := live.PolicyFor("aws", true).Statement[2].Action
	if !slices.Equal(calls, []string{"cloudformation:ListStackResources"}) {
		t.Errorf("the policy allows %v", calls)
	}
}
