package imagestore

import "github.com/lakemesh/lakemesh/constructs/internal/workflow"

// Folder is the part of a bucket below a prefix, such as "dicom/". Its bucket is
// encrypted with a customer managed key which the CDK knows: a bucket of this app,
// or one imported with its EncryptionKey.
type Folder = workflow.Folder

const exampleFolder = "dicom/"
