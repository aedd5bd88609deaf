// The OTLP receiver of the OpenTelemetry Collector, by HTTP. Each request that it accepts becomes a line of JSON on the standard output, as
// the Collector's file exporter writes them.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"

	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/receiver/otlpreceiver"
	"go.opentelemetry.io/collector/receiver/receivertest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	factory := otlpreceiver.NewFactory()
	config := factory.CreateDefaultConfig().(*otlpreceiver.Config)
	config.Protocols.HTTP.GetOrInsertDefault().ServerConfig.NetAddr.Endpoint = os.Args[1]
	marshaler := ptrace.JSONMarshaler{}
	printer, err := consumer.NewTraces(func(_ context.Context, traces ptrace.Traces) error {
		line, err := marshaler.MarshalTraces(traces)
		if err != nil {
			return err
		}
		_, err = fmt.Printf("%s\n", line)
		return err
	})
	exitOn(err)
	receiver, err := factory.CreateTraces(ctx, receivertest.NewNopSettings(factory.Type()), config, printer)
	exitOn(err)
	exitOn(receiver.Start(ctx, componenttest.NewNopHost()))
	fmt.Fprintln(os.Stderr, "ready")
	<-ctx.Done()
	exitOn(receiver.Shutdown(context.Background()))
}

func exitOn(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
