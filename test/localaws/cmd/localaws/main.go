// Command localaws runs the embedded local AWS in the foreground and prints the environment
// that makes the CDK command line and the AWS SDKs use it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/lakemesh/lakemesh/test/localaws"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	var options localaws.Options
	flag.StringVar(&options.Account, "account", "", "account of unknown credentials (default 111111111111)")
	flag.StringVar(&options.Region, "region", "", "region of the environment (default us-east-1)")
	flag.IntVar(&options.Port, "port", 0, "port on 127.0.0.1 (default: a free one)")
	flag.StringVar(&options.Log, "log", "", "log file (default: a temporary one)")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	server, err := localaws.Start(ctx, options)
	if err != nil {
		return err
	}
	fmt.Println("# local AWS at", server.Endpoint(), "— stop with Ctrl-C")
	fmt.Println("unset AWS_PROFILE")
	for _, entry := range server.Env() {
		fmt.Printf("export %s\n", entry)
	}
	<-ctx.Done()
	return server.Stop()
}
