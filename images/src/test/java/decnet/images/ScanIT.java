package decnet.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Twenty machines of many kinds as nmap sees them: all up, makers of their hardware known, services named, the first guess of the operating
 * system right. The table is in {@code target/scan.txt}.
 */
@Tag("long")
@Timeout(1800)
final class ScanIT {
    private static final Duration SCAN = Duration.ofMinutes(15);
    private static final String FLEET = """
        [general]
        interface = up0
        subnet6 = fd98:60::/64
        [linux]
        archetype = linux-server
        amount = 6
        [server]
        archetype = windows-server
        services = http, https
        amount = 3
        [pc]
        archetype = windows-workstation
        services = http
        stack = windows
        amount = 3
        [bsd]
        archetype = linux-server
        services = ssh, http
        stack = bsd
        amount = 2
        [printer]
        archetype = printer
        amount = 2
        [camera]
        archetype = camera
        amount = 2
        [switch]
        archetype = iot-device
        services = telnet, http
        stack = cisco
        amount = 2
        """;

    /** By section of the fleet, what nmap may call the family. */
    private static final Map<String, List<String>> FAMILIES = Map.of(
            "linux", List.of("Linux"),
            "server", List.of("Windows"),
            "pc", List.of("Windows"),
            "bsd", List.of("FreeBSD"),
            "printer", List.of("embedded"),
            "camera", List.of("embedded"),
            "switch", List.of("IOS"));

    /** One machine, as it was found. */
    private record Found(String vendor, String system, String family, String accuracy, String services) {}

    @Test
    void whatAScannerSees() throws Exception {
        try (Wire wire = Wire.laid("ScanIT", "nmap");
                Installation decnet = Installation.empty().within(wire.host())) {
            decnet.with("DECNET_HOST_NETD", "yes").up().succeeded();
            decnet.check(() -> {
                Path file = decnet.folder().resolve("fleet.ini");
                Files.writeString(file, FLEET);
                decnet.command(SCAN, List.of("deploy", file.toString())).succeeded();
                Map<String, String> names = new TreeMap<>();
                decnet.deckies()
                        .forEach(
                                (name, decky) -> names.put(decky.path("address").asText(), name));
                assertThat(names).hasSize(20);
                Map<String, Found> found = scan(wire, names.keySet().stream().toList());
                String table = table(names, found);
                System.out.println(table);
                Files.writeString(Path.of("target", "scan.txt"), table);
                names.forEach((address, name) -> assertThat(FAMILIES.get(name.substring(0, name.indexOf('-'))))
                        .as("%s: %s", name, found.get(address))
                        .contains(found.getOrDefault(address, new Found("", "", "", "", ""))
                                .family()));
                assertThat(found.values())
                        .allSatisfy(one -> assertThat(one.vendor()).isNotEmpty());
                everyMachineAnswersIp6(wire, names.size());
            });
        }
    }

    private static void everyMachineAnswersIp6(Wire wire, int machines) {
        String told = wire.fromOutside("", "nmap", "-6", "-n", "-sn", "fd98:60::3c00/120")
                .succeeded()
                .out();
        assertThat(told).contains("(" + machines + " hosts up)");
    }

    private static Map<String, Found> scan(Wire wire, List<String> addresses) throws Exception {
        List<String> command = new java.util.ArrayList<>(
                List.of("nmap", "-n", "-O", "-sV", "-p", "1,21-23,80,443,6379", "--osscan-guess", "-oX", "-"));
        command.addAll(addresses);
        String xml = wire.fromOutside(SCAN, "", command.toArray(String[]::new))
                .succeeded()
                .out();
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        NodeList hosts = factory.newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)))
                .getElementsByTagName("host");
        Map<String, Found> found = new LinkedHashMap<>();
        for (int i = 0; i < hosts.getLength(); i++) {
            Element host = (Element) hosts.item(i);
            String address = "";
            String vendor = "";
            for (Element one : elements(host, "address")) {
                if (one.getAttribute("addrtype").equals("mac")) {
                    vendor = one.getAttribute("vendor");
                } else {
                    address = one.getAttribute("addr");
                }
            }
            found.put(address, found(host, vendor));
        }
        return found;
    }

    private static Found found(Element host, String vendor) {
        StringBuilder services = new StringBuilder();
        for (Element port : elements(host, "port")) {
            if (!elements(port, "state").getFirst().getAttribute("state").equals("open")) {
                continue;
            }
            Element service = elements(port, "service").getFirst();
            services.append(services.isEmpty() ? "" : ", ")
                    .append(
                            service.getAttribute("product").isEmpty()
                                    ? service.getAttribute("name")
                                    : service.getAttribute("product"));
        }
        List<Element> matches = elements(host, "osmatch");
        if (matches.isEmpty()) {
            return new Found(vendor, "", "", "", services.toString());
        }
        Element first = matches.getFirst();
        return new Found(
                vendor,
                first.getAttribute("name"),
                elements(first, "osclass").getFirst().getAttribute("osfamily"),
                first.getAttribute("accuracy"),
                services.toString());
    }

    private static List<Element> elements(Element within, String name) {
        NodeList nodes = within.getElementsByTagName(name);
        List<Element> all = new java.util.ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            all.add((Element) nodes.item(i));
        }
        return all;
    }

    private static String table(Map<String, String> names, Map<String, Found> found) {
        StringBuilder table = new StringBuilder(
                "| machine | maker | first guess | family | % | services |\n|---|---|---|---|---|---|\n");
        names.forEach((address, name) -> {
            Found one = found.getOrDefault(address, new Found("", "", "", "", ""));
            table.append("| ")
                    .append(String.join(
                            " | ", name, one.vendor(), one.system(), one.family(), one.accuracy(), one.services()));
            table.append(" |\n");
        });
        return table.toString();
    }
}
