package decnet.decoys;

/** How one service of the catalogue talks. Stateless. */
public interface DecoyService {
    /** As in {@link decnet.topology.ServiceCatalogue}. */
    String slug();

    /** Called once for each decky that offers the service. */
    DialogueFactory on(DecoyContext context);
}
