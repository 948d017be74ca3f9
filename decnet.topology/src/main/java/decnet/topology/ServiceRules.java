package decnet.topology;

import static decnet.topology.IssueList.decky;

import decnet.core.Snippet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Rules about what a machine is and offers. One instance for one machine; not thread-safe. */
final class ServiceRules {
    private final TopologyMember member;
    private final IssueList issues;

    ServiceRules(TopologyMember member, IssueList issues) {
        this.member = member;
        this.issues = issues;
    }

    void check() {
        archetype();
        distribution();
        unknownServices();
        noServices();
        undeclared();
        options();
        ports();
    }

    private void archetype() {
        if (Archetype.find(member.archetype()).isEmpty()) {
            issues.error(
                    "UNKNOWN_ARCHETYPE",
                    decky(member.name()),
                    Snippet.of(member.archetype()) + ": expected one of " + Archetype.slugs());
        }
    }

    private void distribution() {
        Optional<Archetype> archetype = Archetype.find(member.archetype());
        if (member.distribution().isEmpty() || archetype.isEmpty()) {
            return;
        }
        String slug = member.distribution().get();
        if (Distribution.find(slug).filter(archetype.get()::runs).isEmpty()) {
            issues.error(
                    "UNKNOWN_DISTRIBUTION",
                    decky(member.name()),
                    Snippet.of(slug) + " is no system of " + archetype.get().slug() + "; expected one of "
                            + String.join(", ", archetype.get().distributions()));
        }
    }

    private void unknownServices() {
        Set<String> seen = new HashSet<>();
        for (String slug : member.services()) {
            if (ServiceCatalogue.find(slug).isEmpty()) {
                issues.error(
                        "UNKNOWN_SERVICE",
                        decky(member.name()),
                        Snippet.of(slug) + ": expected some of " + ServiceCatalogue.slugs());
            } else if (!seen.add(slug)) {
                issues.error("SERVICE_DUP", decky(member.name()), slug + " is named twice");
            }
        }
    }

    private void noServices() {
        if (member.services().isEmpty() && !member.router()) {
            issues.warning(
                    "SERVICE_NONE", decky(member.name()), "offers no service and is no router: nothing will be seen");
        }
    }

    private void undeclared() {
        for (String slug : member.options().keySet()) {
            if (!member.services().contains(slug)) {
                issues.error(
                        "SERVICE_CFG_UNDECLARED",
                        decky(member.name()),
                        "options for " + Snippet.of(slug) + ", which it does not offer");
            }
        }
    }

    private void options() {
        for (String slug : Set.copyOf(member.services())) {
            ServiceCatalogue.find(slug)
                    .map(spec -> ServiceOptions.problems(spec, member.optionsOf(slug)))
                    .orElse(List.of())
                    .forEach(problem ->
                            issues.error("SERVICE_CFG_INVALID", decky(member.name()), slug + ": " + problem));
        }
    }

    private void ports() {
        Map<String, String> owners = new HashMap<>();
        for (String slug : Set.copyOf(member.services()).stream().sorted().toList()) {
            Map<String, String> given = member.optionsOf(slug);
            if (ServiceCatalogue.find(slug)
                    .filter(spec -> ServiceOptions.problems(spec, given).isEmpty())
                    .isEmpty()) {
                continue; // said already
            }
            for (ServicePort port : ServicePlacement.place(slug, given, true).ports()) {
                String other = owners.putIfAbsent(port.toString(), slug);
                if (other != null && !other.equals(slug)) {
                    issues.error(
                            "PORT_COLLISION",
                            decky(member.name()),
                            slug + " and " + other + " both listen at " + port + "; give one of them another");
                }
            }
        }
    }
}
