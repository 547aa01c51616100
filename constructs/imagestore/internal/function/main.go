// Command function keeps the arrived metadata of image sets: for each event of a
// HealthImaging data store it writes the rows of the image set, as it is now, to
// an object in S3. AWS Lambda runs it.
//
// It uses nothing but the standard library, so that anyone who synthesizes an app
// can build it from its files, without a network and without a module of theirs.
package main

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"os"
	"time"
)

func main() {
	if err := run(context.Background(), os.Getenv); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, env func(string) string) error {
	region := env("AWS_REGION")
	client := &client{
		http:   &http.Client{Timeout: 2 * time.Minute},
		region: region,
		credentials: credentials{
			keyID: env("AWS_ACCESS_KEY_ID"), secret: env("AWS_SECRET_ACCESS_KEY"), token: env("AWS_SESSION_TOKEN"),
		},
		imaging: cmp.Or(env("AWS_ENDPOINT_URL_MEDICAL_IMAGING"), "https://runtime-medical-imaging."+region+".amazonaws.com"),
		s3:      cmp.Or(env("AWS_ENDPOINT_URL_S3"), "https://s3."+region+".amazonaws.com"),
		now:     time.Now,
	}
	h := &handler{
		service: client, bucket: env("INBOX_BUCKET"), prefix: env("INBOX_PREFIX"), now: time.Now, log: os.Stdout,
	}
	return serve(ctx, env("AWS_LAMBDA_RUNTIME_API"), h.handle)
}
