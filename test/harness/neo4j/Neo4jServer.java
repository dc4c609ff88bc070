import java.nio.file.Path;
import java.util.Map;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.configuration.connectors.BoltConnector;
import org.neo4j.configuration.connectors.HttpConnector;
import org.neo4j.configuration.helpers.SocketAddress;
import org.neo4j.dbms.api.DatabaseManagementService;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;

/**
 * A Neo4j server with Bolt on loopback, for tests: HOME PORT. The password of the user neo4j is in
 * the environment variable SERVER_PASSWORD; without one, nobody is asked for any.
 */
public class Neo4jServer {
    public static void main(String[] args) throws Exception {
        String password = System.getenv("SERVER_PASSWORD");
        SocketAddress address = new SocketAddress("127.0.0.1", Integer.parseInt(args[1]));
        DatabaseManagementService service = new DatabaseManagementServiceBuilder(Path.of(args[0]))
                .setConfig(BoltConnector.enabled, true)
                .setConfig(BoltConnector.listen_address, address)
                .setConfig(HttpConnector.enabled, false)
                .setConfig(GraphDatabaseSettings.auth_enabled, password != null)
                .build();
        Runtime.getRuntime().addShutdownHook(new Thread(service::shutdown));
        if (password != null) {
            // After a restart the password is set already, and setting the same one is refused.
            service.database("system").executeTransactionally(
                    "CREATE OR REPLACE USER neo4j SET PASSWORD $password CHANGE NOT REQUIRED",
                    Map.of("password", password));
        }
        System.out.println("ready");
        // The tests hold the other end of standard input: when they are gone, so is the server.
        while (System.in.read() != -1) { }
        System.exit(0);
    }
}
