package decnet.workers.herd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.DeckyName;
import decnet.core.FolderOwner;
import decnet.core.Json;
import decnet.topology.DeckyState;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Keeps a {@link ReconcilerMemory} on disk: written aside, synced and renamed. */
record MemoryFile(Path path) {
    /**
     * What was kept last; an empty one if nothing was.
     *
     * @throws IOException if it cannot be read, or is damaged
     */
    ReconcilerMemory read() throws IOException {
        try {
            return memory(Json.parseObject(Files.readAllBytes(path)));
        } catch (NoSuchFileException e) {
            return ReconcilerMemory.empty();
        } catch (IllegalArgumentException e) {
            throw new IOException(path + " is damaged: " + e.getMessage(), e);
        }
    }

    /** @throws IOException if it cannot be written; what was kept before then stands */
    void write(ReconcilerMemory memory) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            FolderOwner.takeOver(folder);
        }
        Path draft = path.resolveSibling(path.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(Json.bytes(json(memory)));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        FolderOwner.takeOver(draft);
        Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        memory.written();
    }

    private static ObjectNode json(ReconcilerMemory memory) {
        ObjectNode json = Json.object()
                .put("origin", HexFormat.of().toHexDigits(memory.origin()))
                .put("number", memory.number());
        ArrayNode machines = json.putArray("machines");
        memory.machines().forEach(known -> machines.add(json(known)));
        ArrayNode notices = json.putArray("notices");
        memory.notices().forEach(notice -> notices.add(notice.toJson()));
        return json;
    }

    private static ObjectNode json(KnownDecky known) {
        WantedDecky wanted = known.wanted();
        ObjectNode json = Json.object()
                .put("name", wanted.name().text())
                .put("scope", wanted.scope())
                .put("loopback", wanted.loopback())
                .put("archetype", wanted.archetype())
                .put("hostname", wanted.hostname())
                .put("mac", wanted.mac())
                .put("ports", wanted.ports())
                .put("places", wanted.places())
                .put("version", known.version())
                .put("changed_at", known.changedAt().toString())
                .put("state", known.state().text())
                .put("since", known.since().toString());
        ArrayNode addresses = json.putArray("addresses");
        wanted.addresses().forEach(address -> addresses.add(address.getHostAddress()));
        wanted.services().forEach(json.putArray("services")::add);
        known.problems().forEach(json.putArray("problems")::add);
        return json;
    }

    private static ReconcilerMemory memory(ObjectNode json) {
        List<KnownDecky> machines = new ArrayList<>();
        json.path("machines").forEach(one -> machines.add(known(one)));
        List<Notice> notices = new ArrayList<>();
        json.path("notices").forEach(one -> notices.add(Notice.read(one)));
        return new ReconcilerMemory(
                HexFormat.fromHexDigitsToLong(json.path("origin").asText()),
                json.path("number").asLong(),
                machines,
                notices);
    }

    private static KnownDecky known(JsonNode json) {
        WantedDecky wanted = new WantedDecky(
                new DeckyName(json.path("name").asText()),
                json.path("scope").asText(),
                json.path("loopback").asBoolean(),
                json.path("archetype").asText(),
                json.path("hostname").asText(),
                texts(json.path("addresses")).stream()
                        .map(InetAddress::ofLiteral)
                        .toList(),
                json.path("mac").asText(),
                texts(json.path("services")),
                json.path("ports").asInt(),
                json.path("places").asInt());
        return new KnownDecky(
                wanted,
                json.path("version").asLong(),
                time(json, "changed_at"),
                DeckyState.parse(json.path("state").asText()),
                time(json, "since"),
                texts(json.path("problems")));
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(one -> texts.add(one.asText()));
        return texts;
    }

    static Instant time(JsonNode json, String name) {
        try {
            return Instant.parse(json.path(name).asText());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(name + " is not a time", e);
        }
    }

    static ObjectNode object(JsonNode json) {
        if (json instanceof ObjectNode object) {
            return object;
        }
        throw new IllegalArgumentException("expected an object, found " + json.getNodeType());
    }
}
