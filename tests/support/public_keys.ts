/** SSH public keys that ssh-keygen has made, with the fingerprints that it prints. */

export interface TrialKey {
  readonly line: string;
  readonly fingerprint: string;
}

export const PUBLIC_KEYS = {
  ANN: {
    line: "ssh-ed25519 " +
      "AAAAC3NzaC1lZDI1NTE5AAAAIHLlhRvL53Asja8GcZlU/8yyiYFNEATT62ko+b53G8RQ" +
      " ann@laptop",
    fingerprint: "SHA256:Oirz58DFelaPKK9avMMUxTrqdQer91AmtrlJo6rFOF8",
  },
  SECOND: {
    line: "ssh-ed25519 " +
      "AAAAC3NzaC1lZDI1NTE5AAAAIEbRkSn7V75zo9O6kvneLr6RqER2h94qhFD+GRuCSx2R" +
      " two words here",
    fingerprint: "SHA256:25vVMmtLjvB09emZ85YP3m3YeSQ5l/s83OoOTRCnUXA",
  },
  NIST256: {
    line: "ecdsa-sha2-nistp256 " +
      "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBO51zXpKrYDf1EScbxDaZqhR" +
      "KX5M0Z/3dkTFqTC5T9U4rYQWAlVO31nCFp9Z7jU+Km95JwW31eRJOcZtszsZE6A=" +
      " ec256",
    fingerprint: "SHA256:NbInyuBuQkMT5P//FZZP/1OZHgByzIW4RUlHHXD2fzg",
  },
  NIST384: {
    line: "ecdsa-sha2-nistp384 " +
      "AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBIVzL7tfO+ZqWlFAtggaO6YF" +
      "D4YRcOlIGbuedilHqXzNO1iJJjbV9SVBFHg47jcOp8iJzaWwntFelsf6Upjz3uXTT9sm/8OHtl90" +
      "5pdjTNsYwd49gFPqdIk0bv7gHasuOg==" +
      " ec384",
    fingerprint: "SHA256:hzJdh92HLDl/kULXsL4tKTkwGbxzJGKi1BkFiyydTvM",
  },
  NIST521: {
    line: "ecdsa-sha2-nistp521 " +
      "AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBAHaV4tPECYKYlqdqJREjEDr" +
      "oT7PaoCdkkcqAuULkVgg2ZiB38ZgfQy1kXL5WeO4o7Tv+mmVl9gW+S554EHKGdaw8gGs4Kl/dk1y" +
      "66mtEqfvg4x105LS9WkdD2FSVejVZQO7FNcUFoy5/LstBv8ZZBdeHWesp5cLO0gBBRmSEcvS+Mob" +
      "cA==" +
      " ec521",
    fingerprint: "SHA256:3v8L428ZNxAtgizwYhx2pUiWjSST4gpxiD3bwp7VjVU",
  },
  RSA: {
    line: "ssh-rsa " +
      "AAAAB3NzaC1yc2EAAAADAQABAAABAQDLBnd3ePw3wnV7KJum63+KgdhfSCgqNEnsdwXOSOuh8ZzF" +
      "69sfCU1P575WFRhgr3a/74luUD9/oUz79AsNS+RCSo/GlxmxwP+RfWj4FmgTZQWPXWilxYyYjtjn" +
      "/PdJL1zUayyzd+Yhe94JjJjTNN9Xg2c2wU5GVv8v9OLAC9q6aps98nqwThiASFBCm3KDzBD36B7y" +
      "1PXb4p5keN1riMsdQlr9HffKpL+q0RK8ZPHBSaiBHbgEklV+E9WsCgY8w/dnztMybNsV+b7mFLuj" +
      "guDXedk+JSSUKYyGRwEA+TvBuN+tT/B1LxqDJCqY04kuCkfK4zBKxuLqgtbIZxs3LeTn" +
      " r",
    fingerprint: "SHA256:RbRTR6fKCKXbs4rGbovEYSYkDyvBWrUPK2k1bKztkcA",
  },
  WEAK_RSA: {
    line: "ssh-rsa " +
      "AAAAB3NzaC1yc2EAAAADAQABAAAAgQCzBXPA3D6aBcvAsbj/885xTrVtTEbzqS3wEZTxrQvYAvnp" +
      "Mut7p8hTMdoHBatBsFj2GDhmfSBtFZbKawD4yyvH2sp/7hfFzOTQcfSGSk9rQ5pOchs3zgaL0AAE" +
      "wylw5FZ7AHebr1p3Gfr45XDgJpqU+AAb78S0pjUNVwAdgWmaKw==" +
      " weak",
    fingerprint: "SHA256:Ts0WQLiq95N4TwJ0Tx1xBjPaNbMoxfa/NOFbinbzTmM",
  },
  DSA: {
    line: "ssh-dss " +
      "AAAAB3NzaC1kc3MAAACBAM53fqHwU3StC5eWAtGtAhrymnLRgFadDOEHprsw8PvWmoC9infp6xg4" +
      "LBPj31nhRHMx/Xau/pSxzGgbQQngs9OxOz2fEtOkX3QvL6IFr/55E120Jaj0SdTOUUoe/l60lwYW" +
      "acp1Vz4XbI5VIOrCyOFV8n9pGcyXeZVPHXiQJorBAAAAFQD3vjzim0czMd9g3GkHJkP6oT0pQQAA" +
      "AIADFpr7D1zuZ9PjBFL0gd7vjho0HuTw+Ntk0sYZN6T+3GPiSIEC/YbJgepuh95oo38fX5PEynv8" +
      "DFa72rSmlXK8/AT56mN3muYKjDxxvkSi3SiWH2XFU8fOz4hQHQ5gWM+oXHJo0Q+umdJigUVLK707" +
      "rpGMuQ7gKLLxDrE+VLWceAAAAIBCO5sN6OG4J64ABIxbZkcIzlA7x7QK1qf7/K9YeNASm5Jw2+SO" +
      "/99LaCQWZwGkKvNLcsw8u81styzkiVaB9MOVR0ovOtw/pk68gWhHsKGaWPSI6zm2j3Z0djfGFusB" +
      "hY/4i4xUcXE6Y5JGh3U6mgIupH4jBAWRehHHS9vmaA9oNg==" +
      " dsa",
    fingerprint: "SHA256:aJA5vtNgb4c70pOc84FNy76ORQLH3W/r8Zg8XYYkQsY",
  },
  CERTIFICATE: {
    line: "ecdsa-sha2-nistp256-cert-v01@openssh.com " +
      "AAAAKGVjZHNhLXNoYTItbmlzdHAyNTYtY2VydC12MDFAb3BlbnNzaC5jb20AAAAgk766+AMUyRJ/" +
      "ISBWWZGRrgRy5nIHW2/9dj5LYn6ELngAAAAIbmlzdHAyNTYAAABBBO51zXpKrYDf1EScbxDaZqhR" +
      "KX5M0Z/3dkTFqTC5T9U4rYQWAlVO31nCFp9Z7jU+Km95JwW31eRJOcZtszsZE6AAAAAAAAAAAAAA" +
      "AAEAAAABeAAAAAcAAAADYW5uAAAAAAAAAAD//////////wAAAAAAAACCAAAAFXBlcm1pdC1YMTEt" +
      "Zm9yd2FyZGluZwAAAAAAAAAXcGVybWl0LWFnZW50LWZvcndhcmRpbmcAAAAAAAAAFnBlcm1pdC1w" +
      "b3J0LWZvcndhcmRpbmcAAAAAAAAACnBlcm1pdC1wdHkAAAAAAAAADnBlcm1pdC11c2VyLXJjAAAA" +
      "AAAAAAAAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIHLlhRvL53Asja8GcZlU/8yyiYFNEATT62ko+b53" +
      "G8RQAAAAUwAAAAtzc2gtZWQyNTUxOQAAAEBZzdT5IZt6udSekMhD4IGWb5uvlhwPzQq03WX9WFzW" +
      "ZjDt/1j506qkDpfZkTZEAtPA3Uu0PCIcG8H7/AgycNkP" +
      " ec256",
    fingerprint: "SHA256:NbInyuBuQkMT5P//FZZP/1OZHgByzIW4RUlHHXD2fzg",
  },
} as const satisfies Record<string, TrialKey>;
