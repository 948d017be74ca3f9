package decnet.topology;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A topology as an SVG picture (SVG 1.1), complete in itself: a row of boxes for each distance from the DMZ, a box for each LAN, in it the
 * machines whose first interface is there, and lines from machines to the other LANs they are on. The same topology gives the same text.
 * One instance for one picture; not thread-safe.
 */
public final class TopologyDrawing {
    private static final int CARD_WIDTH = 190;
    private static final int CARD_HEIGHT = 56;
    private static final int GAP = 10;
    private static final int HEAD = 34;
    private static final int COLUMNS = 3;
    private static final int ROW_GAP = 60;
    private static final int MARGIN = 20;
    private static final int TITLE = 40;
    /** Characters that fit on a card. */
    private static final int FITTING = 30;

    private final Topology topology;
    private final StringBuilder svg = new StringBuilder();
    private final Map<String, Box> boxes = new HashMap<>();
    private final List<Card> cards = new ArrayList<>();

    private record Box(TopologyLan lan, int x, int y, int width, int height, int row) {}

    private record Card(TopologyMember member, int x, int y, int row) {}

    private TopologyDrawing(Topology topology) {
        this.topology = topology;
    }

    /** The text of the picture, in UTF-8 when written. */
    public static String svg(Topology topology) {
        return new TopologyDrawing(topology).draw();
    }

    private String draw() {
        List<List<TopologyLan>> rows = rows();
        int y = MARGIN + TITLE;
        int width = 2 * MARGIN + CARD_WIDTH + 2 * GAP;
        for (int row = 0; row < rows.size(); row++) {
            int x = MARGIN;
            int height = 0;
            for (TopologyLan lan : rows.get(row)) {
                Box box = place(lan, x, y, row);
                x += box.width() + MARGIN;
                height = Math.max(height, box.height());
            }
            width = Math.max(width, x);
            y += height + ROW_GAP;
        }
        int height = Math.max(y - ROW_GAP + MARGIN, MARGIN + TITLE);
        head(width, height);
        rows.forEach(row ->
                row.forEach(lan -> Optional.ofNullable(boxes.get(lan.name())).ifPresent(this::box)));
        cards.forEach(this::lines);
        cards.forEach(this::card);
        return svg.append("</svg>\n").toString();
    }

    /** LANs by distance from the DMZ; those without a way there come last. */
    private List<List<TopologyLan>> rows() {
        LanDepths depths = LanDepths.walked(topology.design());
        Map<Integer, List<TopologyLan>> byDepth = new java.util.TreeMap<>();
        for (TopologyLan lan : topology.design().lans()) {
            byDepth.computeIfAbsent(depths.depth(lan.name()).orElse(Integer.MAX_VALUE), any -> new ArrayList<>())
                    .add(lan);
        }
        return List.copyOf(byDepth.values());
    }

    private Box place(TopologyLan lan, int x, int y, int row) {
        List<TopologyMember> members = topology.design().members().stream()
                .filter(member -> !member.attachments().isEmpty()
                        && member.attachments().getFirst().lan().equals(lan.name()))
                .sorted(Comparator.comparing((TopologyMember member) -> !member.router())
                        .thenComparing(TopologyMember::name))
                .toList();
        int columns = Math.clamp(members.size(), 1, COLUMNS);
        int lines = Math.max(1, (members.size() + COLUMNS - 1) / COLUMNS);
        int width = columns * (CARD_WIDTH + GAP) + GAP;
        int height = HEAD + lines * (CARD_HEIGHT + GAP) + GAP;
        for (int i = 0; i < members.size(); i++) {
            cards.add(new Card(
                    members.get(i),
                    x + GAP + i % COLUMNS * (CARD_WIDTH + GAP),
                    y + HEAD + i / COLUMNS * (CARD_HEIGHT + GAP),
                    row));
        }
        Box box = new Box(lan, x, y, width, height, row);
        boxes.putIfAbsent(lan.name(), box);
        return box;
    }

    private void head(int width, int height) {
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"" + width + "\" height=\""
                + height + "\" viewBox=\"0 0 " + width + " " + height
                + "\" font-family=\"sans-serif\" font-size=\"11\">\n");
        svg.append("<rect width=\"" + width + "\" height=\"" + height + "\" fill=\"#ffffff\"/>\n");
        text(
                MARGIN,
                MARGIN + 14,
                " font-size=\"16\" font-weight=\"bold\"",
                "Topology " + topology.name() + " (" + topology.status().slug() + "): "
                        + topology.design().lans().size() + " LANs, "
                        + topology.design().members().size() + " deckies");
    }

    private void box(Box box) {
        TopologyLan lan = box.lan();
        svg.append("<rect x=\"" + box.x() + "\" y=\"" + box.y() + "\" width=\"" + box.width() + "\" height=\""
                + box.height() + "\" rx=\"6\" fill=\"" + (lan.dmz() ? "#fdecea" : "#eef3fb") + "\" stroke=\""
                + (lan.dmz() ? "#c0392b" : "#5b7db1") + "\"/>\n");
        text(
                box.x() + GAP,
                box.y() + 14,
                " font-weight=\"bold\"",
                lan.name()
                        + (lan.dmz() ? " (DMZ)" : "")
                        + lan.uplink().map(device -> ", uplink " + device).orElse(""));
        text(
                box.x() + GAP,
                box.y() + 27,
                "",
                lan.subnet() + lan.subnet6().map(net -> "  " + net).orElse(""));
    }

    private void lines(Card card) {
        for (TopologyAttachment attachment :
                card.member().attachments().stream().skip(1).toList()) {
            Box box = boxes.get(attachment.lan());
            if (box == null) {
                continue;
            }
            boolean up = box.row() <= card.row();
            int fromX = card.x() + CARD_WIDTH / 2;
            int fromY = up ? card.y() : card.y() + CARD_HEIGHT;
            int toX = Math.clamp(fromX, box.x() + GAP, box.x() + box.width() - GAP);
            int toY = up ? box.y() + box.height() : box.y();
            svg.append("<line x1=\"" + fromX + "\" y1=\"" + fromY + "\" x2=\"" + toX + "\" y2=\"" + toY
                    + "\" stroke=\"" + (card.member().forwards() ? "#2e7d32" : "#9e9e9e") + "\" stroke-width=\"2\""
                    + (card.member().forwards() ? "" : " stroke-dasharray=\"5 4\"") + "/>\n");
            text((fromX + toX) / 2 + 4, (fromY + toY) / 2, " fill=\"#2e7d32\"", label(attachment));
        }
    }

    private static String label(TopologyAttachment attachment) {
        return attachment.address()
                + (attachment.latencyMillis() > 0 ? ", " + attachment.latencyMillis() + " ms" : "")
                + (attachment.lossPerMille() > 0 ? ", " + attachment.lossPerMille() + "\u2030 lost" : "");
    }

    private void card(Card card) {
        TopologyMember member = card.member();
        svg.append("<g>\n<title>" + escaped(member.name()) + "</title>\n<rect x=\"" + card.x() + "\" y=\"" + card.y()
                + "\" width=\"" + CARD_WIDTH + "\" height=\"" + CARD_HEIGHT + "\" rx=\"4\" fill=\"#ffffff\" stroke=\""
                + (member.router() ? "#2e7d32" : "#808080") + "\"" + (member.router() ? " stroke-width=\"2\"" : "")
                + "/>\n");
        text(card.x() + 6, card.y() + 14, " font-weight=\"bold\"", fitting(member.name()));
        text(card.x() + 6, card.y() + 27, "", fitting(member.archetype() + (member.router() ? ", router" : "")));
        text(
                card.x() + 6,
                card.y() + 39,
                "",
                fitting(member.attachments().stream()
                        .findFirst()
                        .map(TopologyAttachment::address)
                        .orElse("")));
        text(card.x() + 6, card.y() + 51, " fill=\"#606060\"", fitting(String.join(", ", member.services())));
        svg.append("</g>\n");
    }

    private void text(int x, int y, String attributes, String content) {
        svg.append("<text x=\"" + x + "\" y=\"" + y + "\"" + attributes + ">" + escaped(content) + "</text>\n");
    }

    private static String fitting(String text) {
        return text.length() <= FITTING ? text : text.substring(0, FITTING - 1) + "…";
    }

    /** For text and attributes; what XML does not allow at all becomes a question mark. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> {
                    boolean allowed =
                            c >= 0x20 && c < 0x7f || c >= 0xa0 && c < 0xd800 || c >= 0xe000 && c < 0xfffe || c > 0xffff;
                    escaped.appendCodePoint(allowed ? c : '?');
                }
            }
        });
        return escaped.toString();
    }
}
