package workflow

// A workflow copies a folder page by page: an execution's data is limited to
// 256 KB at every step, and a key may have a kilobyte.
const (
	// PageSize is how many objects are listed at once.
	PageSize = 100

	// MaxList is how many objects of a folder a workflow looks at. Each copy is nine
	// events of an execution's history, see MaxPolls.
	MaxList = 400
)

// NoCopies is what a CopyFolder finds at $.copies when it starts the count of the
// objects that were copied and of those that were left.
func NoCopies() map[string]any { return map[string]any{"copied": 0, "left": 0} }

// Pages are the states Begin<name>, List<name>, Turn<name>, Next<name> and
// More<name>: they list the objects below a prefix, an expression, page by page.
// Each page stands at $.list for the state "each", which leads to More<name>. After
// the last page follows next, after MaxList objects and more to come tooMany. Start
// with Begin<name>.
func Pages(name, bucket, prefix, each, tooMany, next string, more map[string]any) States {
	list := func(token map[string]any) State {
		parameters := map[string]any{"Bucket": bucket, "Prefix.$": prefix, "MaxKeys": PageSize}
		for _, fields := range []map[string]any{more, token} {
			for key, value := range fields {
				parameters[key] = value
			}
		}
		return Call("s3", "listObjectsV2", parameters).Result("$.list").Next(each)
	}
	return States{
		"Begin" + name: Pass(map[string]any{"number": 1}).Result("$.page").Next("List" + name),
		"List" + name:  list(nil),
		"More" + name: Choice(next,
			All(When("$.list.IsTruncated", "BooleanEquals", true), When("$.page.number", "NumericLessThan", MaxList/PageSize)).Then("Turn"+name),
			When("$.list.IsTruncated", "BooleanEquals", true).Then(tooMany)),
		"Turn" + name: Pass(map[string]any{"number.$": "States.MathAdd($.page.number, 1)"}).Result("$.page").Next("Next" + name),
		"Next" + name: list(map[string]any{"ContinuationToken.$": "$.list.NextContinuationToken"}),
	}
}

// FolderCopy says what CopyFolder copies. Prefix and Under are expressions for
// keys that end in ".$", the buckets are texts.
type FolderCopy struct {
	Name   string // of its states, which are unique in the machine with it
	Bucket string // that holds the objects
	Prefix string // of their keys
	Flat   bool   // only the objects beside each other, none in further folders
	To     string // the bucket of the copies
	Under  string // a copy's key is this, a slash and the old key
	Next   string // the state that follows
}

// CopyFolder are the states that copy the objects below a prefix to another place,
// at most the first MaxList and none larger than the 5 GB that CopyObject takes. How
// many were copied is added to $.copies.copied, how many were left, because they are
// too large or have gone, to $.copies.left. Start with Begin<name>.
//
// The copy itself is a state in JSONata: what it copies from is URL-encoded, for
// which JSONPath has no function.
// Source: "CopyObject": x-amz-copy-source; "Passing data between states with JSONata".
func CopyFolder(c FolderCopy) States {
	const largest = 5 * 1024 * 1024 * 1024
	n := c.Name
	more := map[string]any{}
	if c.Flat {
		more["Delimiter"] = "/"
	}
	return Pages(n, c.Bucket, c.Prefix, "Has"+n, c.Next, c.Next, more).Add(States{
		"Has" + n: Choice(c.Next, When("$.list.Contents[0]", "IsPresent", true).Then("Copy"+n)),
		"Copy" + n: Each("$.list.Contents", "Fits"+n, States{
			"Fits" + n: Choice("Left"+n, When("$.object.Size", "NumericLessThanEquals", largest).Then("Take"+n)),
			"Take" + n: copyObject(c.Bucket, c.To).Expect("Left"+n, "S3.NoSuchKeyException").End(),
			"Left" + n: Pass(map[string]any{"left": true}).End(),
		}).With("ItemSelector", map[string]any{"object.$": "$$.Map.Item.Value", "under.$": c.Under}).Result("$.outcomes").Next("Count" + n),
		"Count" + n: Pass(map[string]any{
			"copied.$": "States.MathAdd($.copies.copied, States.ArrayLength($.outcomes[?(@.copied)]))",
			"left.$":   "States.MathAdd($.copies.left, States.ArrayLength($.outcomes[?(@.left)]))",
		}).Result("$.copies").Next("More" + n),
	})
}

// copyObject copies the object at $.object in a bucket to another one, under
// $.under. Its output is {"copied": true}. Slashes stay as they are, as in a URL.
func copyObject(from, to string) State {
	const key = "$states.input.object.Key"
	return Evaluate("s3", "copyObject", map[string]any{
		"Bucket":           to,
		"Key":              "{% $states.input.under & '/' & " + key + " %}",
		"CopySource":       "{% '" + from + "/' & $replace($encodeUrlComponent(" + key + "), '%2F', '/') %}",
		"TaggingDirective": "REPLACE", // tags need permissions of their own
	}, map[string]any{"copied": true})
}
