package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"
)

type credentials struct{ keyID, secret, token string }

// sign adds a signature of version 4 to a request whose path holds only letters,
// digits and -._~/ and whose query has one parameter at most: nothing to escape
// and nothing to sort.
// Source: "Create a signed AWS API request" in the IAM user guide.
func sign(request *http.Request, body []byte, c credentials, service, region string, now time.Time) {
	stamp := now.UTC().Format("20060102T150405Z")
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:])
	request.Header.Set("X-Amz-Date", stamp)
	request.Header.Set("X-Amz-Content-Sha256", hash)

	names := []string{"host", "x-amz-content-sha256", "x-amz-date"}
	lines := "host:" + request.URL.Host + "\nx-amz-content-sha256:" + hash + "\nx-amz-date:" + stamp + "\n"
	if len(body) > 0 {
		names, lines = append([]string{"content-length"}, names...), "content-length:"+strconv.Itoa(len(body))+"\n"+lines
	}
	if c.token != "" {
		request.Header.Set("X-Amz-Security-Token", c.token)
		names, lines = append(names, "x-amz-security-token"), lines+"x-amz-security-token:"+c.token+"\n"
	}
	signed := strings.Join(names, ";")
	canonical := strings.Join([]string{request.Method, request.URL.Path, request.URL.RawQuery, lines, signed, hash}, "\n")

	scope := strings.Join([]string{stamp[:8], region, service, "aws4_request"}, "/")
	canonicalSum := sha256.Sum256([]byte(canonical))
	text := strings.Join([]string{"AWS4-HMAC-SHA256", stamp, scope, hex.EncodeToString(canonicalSum[:])}, "\n")
	key := []byte("AWS4" + c.secret)
	for _, part := range []string{stamp[:8], region, service, "aws4_request"} {
		key = mac(key, part)
	}
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+c.keyID+"/"+scope+
		", SignedHeaders="+signed+", Signature="+hex.EncodeToString(mac(key, text)))
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}
