package decnet.decoys.tftp;

import decnet.core.Peer;
import decnet.core.WireText;
import decnet.decoys.Capture;
import decnet.decoys.DecoyContext;
import decnet.decoys.Dialogue;
import decnet.decoys.Disk;
import decnet.decoys.Payload;
import decnet.decoys.Seen;
import decnet.decoys.Step;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One peer of a TFTP server (RFC 1350, RFC 2347 to 2349) with the manners of tftpd-hpa, started with {@code --secure --create}.
 *
 * <pre>
 * RRQ / WRQ = 2OCTET name 0 mode 0 *( option 0 value 0 )
 * DATA      = 2OCTET block(2) *512OCTET          ; or blksize
 * ACK       = 2OCTET block(2)
 * ERROR     = 2OCTET code(2) text 0
 * OACK      = 2OCTET *( option 0 value 0 )
 * </pre>
 *
 * A real server answers from a new port for each transfer; this one answers from its own.
 */
final class TftpDialogue implements Dialogue {
    private static final String ROOT = "/srv/tftp";
    private static final int RRQ = 1;
    private static final int WRQ = 2;
    private static final int DATA = 3;
    private static final int ACK = 4;
    private static final int ERROR = 5;
    private static final int OACK = 6;
    private static final int NOT_FOUND = 1;
    private static final int ILLEGAL = 4;
    private static final int BAD_OPTION = 8;
    private static final int LEAST_BLOCK = 8;
    private static final int MOST_BLOCK = 1428;
    private static final int MAX_NAME = 512;
    private static final int MAX_RESENDS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final DecoyContext context;
    private int block;
    private int blockSize = 512;
    private Optional<byte[]> reading = Optional.empty();
    private Optional<Capture> writing = Optional.empty();
    private Optional<Payload> last = Optional.empty();
    private String name = "";
    private int resends;
    private boolean finished;

    TftpDialogue(DecoyContext context) {
        this.context = context;
    }

    @Override
    public Step opened(Peer peer) {
        return Step.NOTHING;
    }

    @Override
    public Step received(ByteBuffer datagram) {
        if (datagram.remaining() < 4) {
            return odd(datagram, "shorter than a packet");
        }
        ByteBuffer whole = datagram.duplicate();
        int code = datagram.getShort() & 0xffff;
        return switch (code) {
            case RRQ, WRQ -> request(code == WRQ, datagram, whole);
            case ACK -> acknowledged(datagram.getShort() & 0xffff);
            case DATA -> data(datagram);
            case ERROR -> Step.CLOSE;
            default -> odd(whole, "opcode " + code);
        };
    }

    /** The real server says nothing to what it does not understand. */
    private static Step odd(ByteBuffer datagram, String reason) {
        return Step.builder()
                .saw(Seen.of("unknown_input", "data", Seen.text(datagram), "reason", reason))
                .build();
    }

    private Step request(boolean write, ByteBuffer rest, ByteBuffer whole) {
        List<String> words = new ArrayList<>();
        ByteArrayOutputStream word = new ByteArrayOutputStream();
        while (rest.hasRemaining()) {
            byte b = rest.get();
            if (b == 0) {
                words.add(word.toString(StandardCharsets.ISO_8859_1));
                word.reset();
            } else if (word.size() < MAX_NAME) {
                word.write(b);
            }
        }
        if (words.size() < 2) {
            return Step.builder()
                    .add(odd(whole, "request without mode"))
                    .send(error(ILLEGAL, "Malformed request packet"))
                    .close()
                    .build();
        }
        reset();
        name = words.get(0);
        String mode = words.get(1).toLowerCase(Locale.ROOT);
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 2; i + 1 < words.size(); i += 2) {
            options.putIfAbsent(words.get(i).toLowerCase(Locale.ROOT), words.get(i + 1));
        }
        Step.Builder step = Step.builder();
        step.saw(Seen.of(
                "command",
                "command",
                (write ? "WRQ " : "RRQ ") + text(name),
                "mode",
                text(mode),
                "options",
                text(String.join(" ", words.subList(2, words.size())))));
        if (!mode.equals("octet") && !mode.equals("netascii")) {
            return step.send(error(ILLEGAL, "Unknown mode")).close().build();
        }
        return write ? write(options, step) : read(options, step);
    }

    private void reset() {
        writing.ifPresent(Capture::finish);
        reading = Optional.empty();
        writing = Optional.empty();
        block = 0;
        blockSize = 512;
        resends = 0;
        finished = false;
    }

    private Step read(Map<String, String> options, Step.Builder step) {
        Optional<Disk.Node> node =
                context.disk().find(ROOT + Disk.resolve("/", name)).filter(one -> !one.folder());
        if (node.isEmpty()) {
            return step.send(error(NOT_FOUND, "File not found")).close().build();
        }
        reading = Optional.of(node.get().content().bytes());
        return begin(options, node.get().size(), step);
    }

    private Step write(Map<String, String> options, Step.Builder step) {
        writing = Optional.of(new Capture(context.budget(), context.maxUpload()));
        return begin(options, -1, step);
    }

    /** @param size of the file to read; -1 when writing */
    private Step begin(Map<String, String> options, long size, Step.Builder step) {
        ByteArrayOutputStream agreed = new ByteArrayOutputStream();
        for (Map.Entry<String, String> option : options.entrySet()) {
            long value = number(option.getValue());
            switch (option.getKey()) {
                case "blksize" -> {
                    if (value < LEAST_BLOCK) {
                        return step.send(error(BAD_OPTION, "Invalid option"))
                                .close()
                                .build();
                    }
                    blockSize = (int) Math.min(MOST_BLOCK, value);
                    option(agreed, "blksize", blockSize);
                }
                case "tsize" -> option(agreed, "tsize", size >= 0 ? size : Math.max(0, value));
                case "timeout" -> {
                    if (value >= 1 && value <= 255) {
                        option(agreed, "timeout", value);
                    }
                }
                default -> {
                    // an option nobody knows is passed over (RFC 2347)
                }
            }
        }
        if (agreed.size() > 0) {
            ByteBuffer packet = ByteBuffer.allocate(2 + agreed.size());
            packet.putShort((short) OACK).put(agreed.toByteArray()).flip();
            return send(Payload.of(packet), step);
        }
        return reading.isPresent() ? next(step) : send(acknowledgement(0), step);
    }

    private static long number(String text) {
        return text.matches("\\d{1,9}") ? Long.parseLong(text) : -1;
    }

    private static void option(ByteArrayOutputStream out, String option, long value) {
        out.writeBytes(option.getBytes(StandardCharsets.US_ASCII));
        out.write(0);
        out.writeBytes(Long.toString(value).getBytes(StandardCharsets.US_ASCII));
        out.write(0);
    }

    private Step acknowledged(int number) {
        if (reading.isEmpty() || number != (block & 0xffff)) {
            return Step.NOTHING;
        }
        resends = 0;
        return finished ? Step.CLOSE : next(Step.builder());
    }

    private Step next(Step.Builder step) {
        byte[] file = reading.orElseThrow();
        long from = (long) block * blockSize;
        int length = (int) Math.max(0, Math.min(blockSize, file.length - from));
        block++;
        finished = length < blockSize;
        ByteBuffer packet = ByteBuffer.allocate(4 + length);
        packet.putShort((short) DATA).putShort((short) block);
        if (length > 0) {
            packet.put(file, (int) from, length);
        }
        packet.flip();
        return send(Payload.of(packet), step);
    }

    private Step data(ByteBuffer rest) {
        int number = rest.getShort() & 0xffff;
        if (writing.isEmpty()) {
            return Step.NOTHING;
        }
        if (number != (block + 1 & 0xffff)) {
            return number == (block & 0xffff) ? Step.reply(acknowledgement(number)) : Step.NOTHING;
        }
        block++;
        resends = 0;
        boolean end = rest.remaining() < blockSize;
        writing.get().append(rest);
        Step.Builder step = Step.builder();
        if (end) {
            uploaded(step);
            step.send(acknowledgement(number)).close();
            return step.build();
        }
        return send(acknowledgement(number), step);
    }

    private void uploaded(Step.Builder step) {
        writing.ifPresent(capture -> {
            long offered = capture.offered();
            step.saw(Seen.of(
                            "file_upload",
                            "name",
                            text(name),
                            "via",
                            "tftp",
                            "bytes",
                            Long.toString(offered),
                            "cut",
                            Boolean.toString(capture.cut()))
                    .with(capture.finish()));
        });
        writing = Optional.empty();
    }

    private Step send(Payload packet, Step.Builder step) {
        last = Optional.of(packet);
        return step.send(packet).timer(PATIENCE).build();
    }

    @Override
    public Step timer() {
        if (last.isEmpty() || ++resends > MAX_RESENDS) {
            return Step.CLOSE;
        }
        return Step.builder()
                .send(last.get())
                .timer(PATIENCE.multipliedBy(1L << resends))
                .build();
    }

    @Override
    public Step closed() {
        Step.Builder step = Step.builder();
        if (writing.isPresent() && writing.get().size() > 0) {
            uploaded(step);
        } else {
            writing.ifPresent(Capture::finish);
        }
        return step.build();
    }

    private static Payload acknowledgement(int number) {
        ByteBuffer packet = ByteBuffer.allocate(4);
        packet.putShort((short) ACK).putShort((short) number).flip();
        return Payload.of(packet);
    }

    private static Payload error(int code, String message) {
        byte[] text = message.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer packet = ByteBuffer.allocate(5 + text.length);
        packet.putShort((short) ERROR)
                .putShort((short) code)
                .put(text)
                .put((byte) 0)
                .flip();
        return Payload.of(packet);
    }

    private static String text(String latin1) {
        return WireText.of(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }
}
