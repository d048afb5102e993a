package com.example;

import android.app.Activity;
import android.content.SharedPreferences;
import android.os.Bundle;
import android.widget.Button;
import android.widget.LinearLayout;
import android.widget.TextView;
import lab.truth.Truth;

/** The weather of one city, and the privacy dialog over it at the first start. */
public class MainActivity extends Activity {
    private static final int ASK = 7;

    private SharedPreferences choices;

    @Override
    protected void onCreate(Bundle savedInstanceState) {
        super.onCreate(savedInstanceState);
        choices = getSharedPreferences("choices", MODE_PRIVATE);
        LinearLayout page = new LinearLayout(this);
        page.setOrientation(LinearLayout.VERTICAL);
        page.addView(line(R.id.city, "示例市", 28));
        page.addView(line(R.id.temperature, "21° 多云", 40));
        Button friends = new Button(this);
        friends.setId(R.id.find_friends);
        friends.setText("看看好友的天气");
        friends.setOnClickListener(clicked -> friends.setText("好友功能即将上线"));
        page.addView(friends);
        setContentView(page);
        if (choices.contains("privacy")) {
            return;
        }
        friends.postDelayed(() -> new PrivacyDialog(this, this::accepted, this::refused).show(), 300);
    }

    private TextView line(int id, String text, float size) {
        TextView view = new TextView(this);
        view.setId(id);
        view.setText(text);
        view.setTextSize(size);
        return view;
    }

    private void accepted() {
        Truth.phase("accepted");
        choices.edit().putString("privacy", "accepted").apply();
        requestPermissions(new String[] {"android.permission.READ_CONTACTS", "android.permission.ACCESS_FINE_LOCATION"}, ASK);
    }

    private void refused() {
        Truth.phase("refused");
        choices.edit().putString("privacy", "refused").apply();
        finish();
    }

    @Override
    public void onRequestPermissionsResult(int requestCode, String[] permissions, int[] grantResults) {
        if (requestCode == ASK) {
            new Thread(new FriendFinder(this)::run, "friend-finder").start();
        }
    }
}
