// The frame in which a page of an application asks whether the session of its person has changed (OpenID Connect Session Management 1.0
// §3.2). ES5, and a SHA-256 of its own (FIPS 180-4): it runs in every browser, also in those without the Web Crypto API.
(function () {
  "use strict";

  var K = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
  ];

  function turn(word, by) {
    return (word >>> by) | (word << (32 - by));
  }

  // The text as octets of UTF-8, padded to whole blocks of 64.
  function padded(text) {
    var plain = unescape(encodeURIComponent(text));
    var octets = [];
    var i;
    for (i = 0; i < plain.length; i += 1) {
      octets.push(plain.charCodeAt(i));
    }
    octets.push(0x80);
    while (octets.length % 64 !== 56) {
      octets.push(0);
    }
    octets.push(0, 0, 0, 0);
    for (i = 24; i >= 0; i -= 8) {
      octets.push((plain.length * 8 >>> i) & 0xff);
    }
    return octets;
  }

  function block(state, octets, from) {
    var w = [];
    var s = state.slice();
    var i, t1, t2;
    for (i = 0; i < 64; i += 1) {
      if (i < 16) {
        w[i] = (octets[from + 4 * i] << 24) | (octets[from + 4 * i + 1] << 16) |
          (octets[from + 4 * i + 2] << 8) | octets[from + 4 * i + 3];
      } else {
        t1 = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ (w[i - 2] >>> 10);
        t2 = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ (w[i - 15] >>> 3);
        w[i] = (t1 + w[i - 7] + t2 + w[i - 16]) | 0;
      }
      t1 = (s[7] + (turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + K[i] + w[i]) | 0;
      t2 = ((turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]))) | 0;
      s = [(t1 + t2) | 0, s[0], s[1], s[2], (s[3] + t1) | 0, s[4], s[5], s[6]];
    }
    return state.map(function (word, at) {
      return (word + s[at]) | 0;
    });
  }

  function sha256(text) {
    var octets = padded(text);
    var state = [
      0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
    ];
    var i;
    for (i = 0; i < octets.length; i += 64) {
      state = block(state, octets, i);
    }
    return state.map(function (word) {
      return ("0000000" + (word >>> 0).toString(16)).slice(-8);
    }).join("");
  }

  // Empty where nobody is signed in.
  function browserState() {
    var found = /(?:^|;\s*)(?:__Host-)?chamberlain-state=([^;]*)/.exec(document.cookie);
    return found ? found[1] : "";
  }

  function answer(message, origin) {
    var asked = /^([^ ]{1,200}) ([0-9a-f]{64})\.([0-9A-Za-z_-]{1,100})$/.exec(typeof message === "string" ? message : "");
    if (!asked) {
      return "error";
    }
    return sha256([asked[1], origin, browserState(), asked[3]].join(" ")) === asked[2] ? "unchanged" : "changed";
  }

  window.addEventListener("message", function (event) {
    // The one who asked is answered, and nobody else.
    if (event.source && event.source !== window) {
      event.source.postMessage(answer(event.data, event.origin), event.origin);
    }
  }, false);
}());
