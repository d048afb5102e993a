package android.accounts;

import android.content.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lab.runtime.Permissions;
import lab.runtime.Persona;

public class AccountManager {
    private static final int HIDDEN_FROM_OTHERS = 26;

    AccountManager() {}

    public static AccountManager get(Context context) {
        return new AccountManager();
    }

    public Account[] getAccounts() {
        return find(null);
    }

    public Account[] getAccountsByType(String type) {
        return find(type);
    }

    private static Account[] find(String type) {
        List<Account> result = new ArrayList<>();
        if (Permissions.holds("android.permission.GET_ACCOUNTS") && Persona.apiLevel() < HIDDEN_FROM_OTHERS) {
            for (Map<String, Object> account : Persona.records("dev.accounts", "name")) {
                String kind = String.valueOf(account.getOrDefault("type", "com.google"));
                if (type == null || type.equals(kind)) {
                    result.add(new Account(String.valueOf(account.get("name")), kind));
                }
            }
        }
        return result.toArray(new Account[0]);
    }
}
