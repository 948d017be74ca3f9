package decnet.decoys.http;

import decnet.decoys.DecoyContext;
import decnet.decoys.Vitals;
import decnet.topology.Persona;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** The web face of a device or of a server of one maker: what all of them have in common. */
abstract class Appliance implements Site {
    /** How long a number that a device gave out for a digest is good. */
    private static final Duration NONCE_AGE = Duration.ofMinutes(5);

    final DecoyContext context;
    final Persona persona;
    private final SplittableRandom random;

    Appliance(DecoyContext context) {
        this.context = context;
        this.persona = context.persona();
        this.random = new SplittableRandom(persona.seed() ^ 0x6661636573L);
    }

    /** The face of a machine; empty if it has none of its own. */
    static Optional<Appliance> of(DecoyContext context) {
        return switch (context.persona().os().id()) {
            case "windows" -> Optional.of(new IisSite(context));
            case "dsm" -> Optional.of(new NasSite(context));
            case "esxi" -> Optional.of(new HypervisorSite(context));
            case "hp", "brother", "kyocera" -> Optional.of(new PrinterSite(context));
            case "s7-1200", "m340" -> Optional.of(new ControllerSite(context));
            case "hikvision", "dahua" -> Optional.of(new CameraSite(context));
            default -> Optional.empty();
        };
    }

    @Override
    public abstract Optional<Manner> manner();

    /** A stable draw of the face's own, in the order of the constructor. */
    final int draw(int from, int to) {
        return random.nextInt(from, to);
    }

    final String serial() {
        String own = persona.identity().serialNumber();
        return own.isEmpty() ? String.format("%012X", persona.seed() & 0xffffffffffffL) : own;
    }

    final Instant now() {
        return context.clock().instant();
    }

    final Duration uptime() {
        return new Vitals(persona).uptime(now());
    }

    /** Something that was counted since the machine was installed: so many a day, more or less, and never fewer than before. */
    final long counted(long perDay) {
        long seconds =
                Math.max(0, Duration.between(persona.installedAt(), now()).toSeconds());
        return seconds * perDay / 86_400;
    }

    /** Not found, refused and not possible are the server's own words. */
    static Page unknown(HttpRequest request) {
        return Page.error(List.of("GET", "HEAD", "POST").contains(request.method()) ? 404 : 405);
    }

    static Page text(int status, String type, String body) {
        return new Page(status, type, List.of(), body, false);
    }

    final String token(int bytes) {
        byte[] all = new byte[bytes];
        context.random().nextBytes(all);
        return HexFormat.of().formatHex(all);
    }

    /** Asks for a log-in by digest. @param realm without quotes */
    final Page askDigest(Page page, String realm) {
        return page.with(
                "WWW-Authenticate",
                "Digest qop=\"auth\", realm=\"" + realm + "\", nonce=\"" + nonce(now()) + "\", stale=\"FALSE\"");
    }

    /** A number that this machine gave out a moment ago can be told from any other without keeping it. */
    private String nonce(Instant at) {
        String time = String.format("%08x", at.getEpochSecond());
        return HexFormat.of().formatHex(time.getBytes(StandardCharsets.US_ASCII))
                + DigestLogin.md5(time + ":" + persona.seed() + ":" + persona.mac())
                        .substring(0, 24);
    }

    /** Whether this machine gave out that number, and not long ago. */
    final boolean fresh(String nonce) {
        if (!nonce.matches("(3[0-9]|6[1-6]){8}[0-9a-f]{24}")) {
            return false;
        }
        byte[] time = HexFormat.of().parseHex(nonce.substring(0, 16));
        Instant given =
                Instant.ofEpochSecond(HexFormat.fromHexDigitsToLong(new String(time, StandardCharsets.US_ASCII)));
        Duration age = Duration.between(given, now());
        return nonce(given).equals(nonce) && !age.isNegative() && age.compareTo(NONCE_AGE) <= 0;
    }
}
