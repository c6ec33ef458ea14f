import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Properties;

/** Logs in as trino-jdbc's users do: HOST CERTIFICATE TOKEN; a line `what=result` for each way. */
public class AuthClient {
    public static void main(String[] arguments) throws Exception {
        String host = arguments[0];
        String certificate = arguments[1];
        String token = arguments[2];
        print("password", host, "SSL", "true", "SSLTrustStorePath", certificate, "user", "alice", "password", "wonderland");
        print("token", host, "SSL", "true", "SSLTrustStorePath", certificate, "accessToken", token);
        print("token and user", host, "SSL", "true", "SSLTrustStorePath", certificate, "accessToken", token, "user", "carol");
        print("wrong password", host, "SSL", "true", "SSLTrustStorePath", certificate, "user", "alice", "password", "wrong");
        print("no password", host, "SSL", "true", "SSLTrustStorePath", certificate, "user", "alice");
        print("impersonated", host, "SSL", "true", "SSLTrustStorePath", certificate, "user", "dashboard", "password", "shiny", "sessionUser", "alice");
        print("not impersonated", host, "SSL", "true", "SSLTrustStorePath", certificate, "user", "alice", "password", "wonderland", "sessionUser", "bob");
        print("unknown certificate", host, "SSL", "true", "user", "alice", "password", "wonderland");
        print("validated", host, "SSL", "true", "SSLTrustStorePath", certificate, "user", "alice", "password", "wrong", "validateConnection", "true");
    }

    private static void print(String what, String host, String... pairs) {
        Properties properties = new Properties();
        for (int i = 0; i < pairs.length; i += 2) {
            properties.setProperty(pairs[i], pairs[i + 1]);
        }
        String result;
        try (Connection connection = DriverManager.getConnection("jdbc:trino://" + host, properties);
                ResultSet rows = connection.createStatement().executeQuery("SELECT current_user, count(*) FROM UNNEST(sequence(1, 9999))")) {
            rows.next();
            result = rows.getString(1) + " " + rows.getLong(2);
        } catch (SQLException e) {
            result = e.getMessage();
        }
        System.out.println(what + "=" + result.replace('\n', ' '));
    }
}
