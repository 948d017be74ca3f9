package decnet.decoys.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import decnet.core.Json;
import decnet.topology.Account;
import decnet.topology.Decky;
import decnet.topology.DeckyService;
import decnet.topology.Persona;
import decnet.topology.ServicePort;

/** A decky for machines. Stateless. */
final class DeckyJson {
    private DeckyJson() {}

    static ObjectNode of(Decky decky) {
        Persona persona = decky.persona();
        ObjectNode json = Json.object()
                .put("name", decky.name().text())
                .put("archetype", persona.archetype())
                .put("address", decky.address().getHostAddress())
                .put("hostname", persona.fqdn())
                .put("os", persona.os().prettyName())
                .put("mac", persona.mac());
        ArrayNode services = json.putArray("services");
        for (DeckyService service : decky.services()) {
            for (ServicePort port : service.ports()) {
                services.addObject()
                        .put("slug", service.slug())
                        .put("port", port.number())
                        .put("transport", port.transport().text())
                        .put("tls", port.tls())
                        .put("address", decky.address().getHostAddress() + ":" + port.number());
            }
        }
        return json;
    }

    /** With the log-ins that work. */
    static ObjectNode withSecrets(Decky decky) {
        ObjectNode json = of(decky);
        ArrayNode logins = json.putArray("logins");
        for (Account account : decky.persona().accounts()) {
            account.password()
                    .ifPresent(password ->
                            logins.addObject().put("user", account.name()).put("password", password.text()));
        }
        for (DeckyService service : decky.services()) {
            if (service.options().getOrDefault("auth", "none").equals("password")) {
                String password = decky.persona().serviceSecrets().getOrDefault(service.slug(), "");
                logins.addObject().put("service", service.slug()).put("password", password);
            }
        }
        return json;
    }
}
