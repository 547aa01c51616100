package catalog_test

import (
	"strings"
	"testing"

	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
)

// The key of a catalog is used through Glue, by the accounts that read the catalog.
func TestEncryptionKeyIsUsedThroughGlue(t *testing.T) {
	stack := cdktest.Stack()
	catalog.NewEncryption(stack, jsii.String("Encryption"), &catalog.EncryptionProps{
		Key: catalog.NewEncryptionKey(stack, jsii.String("CatalogKey"), &catalog.EncryptionKeyProps{ReaderAccounts: []string{"222222222222"}}),
	})
	policy := cdktest.Of(t, stack).One(t, "AWS::KMS::Key", "CatalogKey").JSON("KeyPolicy")
	if want := `"Condition":{"StringEquals":{"kms:CallerAccount":["111111111111","222222222222"],"kms:ViaService":"glue.us-east-1.amazonaws.com"}}`; !strings.Contains(policy, want) {
		t.Errorf("%s is not in\n%s", want, policy)
	}
}
