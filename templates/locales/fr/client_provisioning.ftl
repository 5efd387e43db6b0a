# Les services qui approvisionnent : ce à quoi ils sont tenus, ce qu’ils ont fait récemment, et leur essai.

client-provisioning = Approvisionnement
client-valid-until = Valable jusqu’au
client-valid-until-hint = Le dernier jour (UTC). Dès le lendemain, ni son secret ni ses jetons ne sont acceptés.
client-addresses = Adresses
client-addresses-hint = Une adresse ou un réseau par ligne, par exemple 192.0.2.0/24. Vide : de partout.
client-error-address = Ce n’est ni une adresse ni un réseau comme 192.0.2.0/24 : { $address }
client-error-provisioning = Seul un service peut se terminer un jour donné, venir de certaines adresses seulement ou être tenu à la lettre de SCIM
client-tolerance = Requêtes par SCIM
client-tolerance-hint = Ce que la RFC 7644 prévoit autrement est soit pris comme il est entendu, et compté ci-dessous, soit refusé.
client-tolerance-tolerant = Tolérant : prises comme elles sont entendues
client-tolerance-strict = Strict : refusées là où la RFC 7644 prévoit autre chose
client-last-use = Dernière utilisation
client-never-used = Jamais
client-ends = Valable jusqu’au
client-ended = Terminé le
client-tolerated = Toléré récemment
client-tolerated-caption = Ces 30 derniers jours
client-tolerated-text = Ce que ses requêtes font autrement que ne le prévoit la RFC 7644. Ce serait refusé si le client était tenu à la lettre.
client-tolerated-none = Rien n’a dû être toléré ces 30 derniers jours.
client-tolerated-what = Quoi
client-tolerated-times = Requêtes
client-tolerated-last = Dernière fois
habit-operation-case = Opérations avec majuscules (« Add »)
habit-boolean-text = Vrai et faux en texte
habit-plain-text = Simple texte au lieu d’un objet (« manager »)
habit-list-of-one = Une liste d’un élément au lieu d’un objet
habit-single-value = Une valeur au lieu d’une liste
habit-dotted-names = Chemins comme noms dans une valeur (« name.givenName »)
habit-filtered-path = Un sous-attribut derrière un filtre entre crochets
habit-removed-values = Retrait par énumération des valeurs
habit-made-element = Remplacement d’un élément absent
habit-no-schemas = Messages sans « schemas »
habit-inner-schemas = « schemas » dans une extension
ago-now = À l’instant
ago-minutes = { $count ->
    [one] il y a { $count } minute
   *[other] il y a { $count } minutes
}
ago-hours = { $count ->
    [one] il y a { $count } heure
   *[other] il y a { $count } heures
}
ago-days = { $count ->
    [one] il y a { $count } jour
   *[other] il y a { $count } jours
}
client-requests = Requêtes des derniers jours
requests-title = Requêtes par SCIM
requests-text = Les 500 plus récentes de 7 jours au plus : jamais le contenu d’une requête ou de sa réponse, et des paramètres le nom seulement.
requests-caption = Requêtes de { $client }
requests-none = Il n’y a pas eu de telles requêtes.
requests-which = Afficher
requests-all = Toutes
requests-failed = Refusées ou échouées
request-at = Quand (UTC)
request-what = Requête
request-status = Statut
request-error = Erreur
request-took = Durée
request-bytes = Octets
request-streamed = en flux
self-test-title = Auto-test
self-test-text = Crée, avec les droits de ce service, une personne fictive, la trouve, la modifie, la désactive et la supprime, et montre ce qu’il est advenu de chaque étape. Rien ne reste, hormis ce que dit le journal d’audit.
self-test-run = Lancer l’auto-test
self-test-passed = Tout a été répondu comme il se doit. Personne ne reste.
self-test-failed = { $count ->
    [one] { $count } étape n’a pas été répondue comme il se doit. Personne ne reste.
   *[other] { $count } étapes n’ont pas été répondues comme il se doit. Personne ne reste.
}
self-test-caption = Auto-test de { $client }
self-test-step = Étape
self-test-outcome = Résultat
self-test-said = Ce qui a été dit
self-test-is-passed = Comme il se doit
self-test-is-failed = Refusé
self-test-is-skipped = Non essayé
self-test-discover = Demander ce qui est offert
self-test-look-up = Chercher une personne absente
self-test-create = Créer une personne
self-test-read = Lire la personne
self-test-find = La trouver par son identifiant externe
self-test-change = Modifier un attribut
self-test-deactivate = Désactiver le compte
self-test-delete = Supprimer la personne
self-test-gone = Constater son absence
