package batch

import (
	_ "embed" // the library
	"sync"

	"github.com/aws/jsii-runtime-go/runtime"
)

// packed is batch.js as npm packs a library, with the description that jsii reads. It is
// kept packed, so that no importer compiles what packs it; TestLibraryIsPacked makes it.
//
//go:embed batch.tgz
var packed []byte

// library is the name and version of the class's library; jsii keeps libraries by their
// bytes, so the version stays as it is.
const (
	library = "lakemesh"
	version = "1.0.0"
	class   = library + ".Batch"
)

// load loads the library, once in a process.
var load = sync.OnceFunc(func() { runtime.Load(library, version, packed) })
