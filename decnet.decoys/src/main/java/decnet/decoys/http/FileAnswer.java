package decnet.decoys.http;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Conditions and ranges on a file (RFC 9110 sections 13 and 14), as each product takes them. Stateless. */
final class FileAnswer {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d*)-(\\d*)");

    private FileAnswer() {}

    /** @param page a file that is there */
    static Page of(Strictness product, Page page, HttpRequest request, String tag, Instant modified, Instant now) {
        Optional<Page> refused = conditions(product, page, request, tag, modified, now);
        return refused.orElseGet(() -> range(product, page, request));
    }

    private static Optional<Page> conditions(
            Strictness product, Page page, HttpRequest request, String tag, Instant modified, Instant now) {
        Optional<String> match = request.header("If-Match");
        if (product != Strictness.LIGHTTPD
                && match.isPresent()
                && !match.get().equals("*")
                && !match.get().contains(tag)) {
            return Optional.of(failed(product, page));
        }
        Optional<Instant> unmodified = request.header("If-Unmodified-Since").flatMap(FileAnswer::date);
        if (product != Strictness.LIGHTTPD
                && match.isEmpty()
                && unmodified.isPresent()
                && modified.isAfter(unmodified.get())) {
            return Optional.of(failed(product, page));
        }
        Optional<String> noneMatch = request.header("If-None-Match");
        if (noneMatch.isPresent()) {
            boolean same = noneMatch.get().equals("*") || noneMatch.get().contains(tag);
            return same ? Optional.of(new Page(304, page.type(), page.headers(), "", true)) : Optional.empty();
        }
        Optional<Instant> since = request.header("If-Modified-Since").flatMap(FileAnswer::date);
        boolean same = since.isPresent()
                && switch (product) {
                    case APACHE ->
                        !since.get().isBefore(modified) && !since.get().isAfter(now);
                    case NGINX -> since.get().equals(modified);
                    case LIGHTTPD -> !since.get().isBefore(modified);
                };
        return same ? Optional.of(new Page(304, page.type(), page.headers(), "", true)) : Optional.empty();
    }

    private static Page failed(Strictness product, Page page) {
        return product == Strictness.APACHE ? new Page(412, page.type(), List.of(), "", true) : Page.error(412);
    }

    private static Optional<Instant> date(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Page range(Strictness product, Page page, HttpRequest request) {
        Optional<String> wanted = request.header("Range").filter(one -> one.startsWith("bytes="));
        if (wanted.isEmpty()
                || product == Strictness.LIGHTTPD && request.method().equals("HEAD")) {
            return page;
        }
        int length = page.length();
        Matcher matcher = RANGE.matcher(wanted.get());
        if (!matcher.matches() || matcher.group(1).isEmpty() && matcher.group(2).isEmpty()) {
            return product == Strictness.APACHE ? page : outside(length); // many ranges are answered as none
        }
        long first = number(matcher.group(1), -1);
        long last = number(matcher.group(2), Long.MAX_VALUE);
        if (first < 0) {
            first = Math.max(0, length - last);
            last = length - 1L;
        }
        last = Math.min(last, length - 1L);
        if (first >= length) {
            return outside(length);
        }
        if (first > last) {
            return product == Strictness.NGINX ? outside(length) : page;
        }
        byte[] all = page.body().getBytes(StandardCharsets.UTF_8);
        String part = new String(all, (int) first, (int) (last - first + 1), StandardCharsets.UTF_8);
        List<HttpRequest.Header> headers = new ArrayList<>(page.headers());
        headers.add(new HttpRequest.Header("Content-Range", "bytes " + first + "-" + last + "/" + length));
        return new Page(206, page.type(), headers, part, true);
    }

    private static long number(String digits, long absent) {
        return digits.isEmpty() ? absent : digits.length() > 15 ? Long.MAX_VALUE : Long.parseLong(digits);
    }

    private static Page outside(int length) {
        return Page.error(416).with("Content-Range", "bytes */" + length);
    }
}
