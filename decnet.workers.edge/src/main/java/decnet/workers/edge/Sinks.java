package decnet.workers.edge;

import decnet.core.ByteSize;
import decnet.core.Counters;
import decnet.core.OptionLine;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * The kinds of sinks, as {@code forwarder.sink.*} describes them.
 *
 * <pre>
 * syslog  to=host:port [tls=yes|no] [format=…] [ca=FILE] [cert=FILE key=FILE]
 * hec     url=https://… token-file=FILE [ack=yes|no] [index=…] [sourcetype=…] [format=…] [ca=FILE] [cert=FILE key=FILE]
 * elastic url=https://… index=… [user=… password-file=FILE | api-key-file=FILE] [format=…] [ca=FILE] [cert=FILE key=FILE]
 * file    path=FILE [format=…] [max-size=…] [keep=…]
 * </pre>
 *
 * Secrets stand in files of their own, never in the configuration. Stateless.
 */
final class Sinks {
    private static final Set<String> SYSLOG = Set.of("to", "tls", "format", "ca", "cert", "key");
    private static final Set<String> HEC =
            Set.of("url", "token-file", "ack", "index", "sourcetype", "format", "ca", "cert", "key");
    private static final Set<String> ELASTIC =
            Set.of("url", "index", "user", "password-file", "api-key-file", "format", "ca", "cert", "key");
    private static final Set<String> FILE = Set.of("path", "format", "max-size", "keep");

    private Sinks() {}

    /** @throws IllegalArgumentException saying what is expected */
    static void check(OptionLine line) {
        line.option("format").ifPresent(SinkFormats::named);
        if (line.option("cert").isPresent() != line.option("key").isPresent()) {
            throw new IllegalArgumentException("cert and key go together");
        }
        switch (line.kind()) {
            case "syslog" -> {
                HostPort.parse(line.allow(SYSLOG).required("to"));
                yes(line, "tls");
            }
            case "hec" -> {
                url(line.allow(HEC).required("url"));
                line.required("token-file");
                yes(line, "ack");
            }
            case "elastic" -> {
                url(line.allow(ELASTIC).required("url"));
                line.required("index");
                if (line.option("user").isPresent()
                        != line.option("password-file").isPresent()) {
                    throw new IllegalArgumentException("user and password-file go together");
                }
            }
            case "file" -> {
                line.allow(FILE).required("path");
                line.byteSize("max-size", ByteSize.mib(64));
                line.number("keep", 5, 0, 1000);
            }
            default ->
                throw new IllegalArgumentException(
                        "unknown kind " + line.kind() + "; expected syslog, hec, elastic or file");
        }
    }

    private static URI url(String text) {
        URI url;
        try {
            url = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("expected a URL, http or https", e);
        }
        if (url.getHost() == null || !("https".equals(url.getScheme()) || "http".equals(url.getScheme()))) {
            throw new IllegalArgumentException("expected a URL, http or https");
        }
        return url;
    }

    private static boolean yes(OptionLine line, String option) {
        return switch (line.option(option).orElse("no")) {
            case "yes" -> true;
            case "no" -> false;
            default -> throw new IllegalArgumentException("option " + option + ": expected yes or no");
        };
    }

    /** Where it goes, for people. */
    static String target(OptionLine line) {
        return line.option("to")
                .or(() -> line.option("url"))
                .or(() -> line.option("path"))
                .orElse("");
    }

    /** @throws IOException if something it needs cannot be read */
    static Sink open(OptionLine line, Counters counters) throws IOException {
        check(line);
        String format = line.option("format").orElse("json");
        TlsSource tls = new TlsSource(new TlsFiles(
                line.option("cert").map(cert -> new TlsFiles.Own(Path.of(cert), Path.of(line.required("key")))),
                line.option("ca").map(Path::of),
                Optional.empty()));
        return switch (line.kind()) {
            case "syslog" ->
                SyslogSink.connect(
                        HostPort.parse(line.required("to")),
                        yes(line, "tls") ? Optional.of(tls) : Optional.empty(),
                        SinkFormats.named(line.option("format").orElse("decnet")));
            case "hec" ->
                new HecSink(
                        new HttpTarget(url(line.required("url")), tls),
                        secret(line.required("token-file")),
                        yes(line, "ack"),
                        line.option("index"),
                        line.option("sourcetype").orElse("decnet:" + format),
                        SinkFormats.named(format));
            case "elastic" ->
                new ElasticSink(
                        new HttpTarget(url(line.required("url")), tls),
                        line.required("index"),
                        authorization(line),
                        SinkFormats.named(format),
                        counters);
            default ->
                FileSink.open(
                        Path.of(line.required("path")),
                        SinkFormats.named(format),
                        line.byteSize("max-size", ByteSize.mib(64)).bytes(),
                        line.number("keep", 5, 0, 1000));
        };
    }

    private static Optional<String> authorization(OptionLine line) throws IOException {
        if (line.option("api-key-file").isPresent()) {
            return Optional.of("ApiKey " + secret(line.required("api-key-file")));
        }
        if (line.option("user").isPresent()) {
            String pair = line.required("user") + ":" + secret(line.required("password-file"));
            return Optional.of(
                    "Basic " + java.util.Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        }
        return Optional.empty();
    }

    private static String secret(String file) throws IOException {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            throw new IOException("cannot read the secret in " + file + " (" + e + ")", e);
        }
    }
}
